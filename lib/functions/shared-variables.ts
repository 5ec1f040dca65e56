import type { ModelParts } from './model-parts.ts';

/** Where predictions are stored. */
export function store({ table }: ModelParts): Record<string, string> {
  return { TABLE_NAME: table.tableName };
}

/** How long what a function stores is kept. */
export function retention({ settings: { capture } }: ModelParts): Record<string, string> {
  return { RETENTION_DAYS: String(capture.retentionDays) };
}

/** How the champion's endpoint is asked, where there is one. */
export function askedEndpoint({ endpoint }: ModelParts): Record<string, string> {
  if (endpoint === undefined) return {};
  const { endpointName, componentName, payloadLimitBytes, codec } = endpoint;
  return {
    ENDPOINT_NAME: endpointName,
    ...(componentName === undefined ? {} : { INFERENCE_COMPONENT_NAME: componentName }),
    PAYLOAD_LIMIT_BYTES: String(payloadLimitBytes),
    CODEC: codec,
  };
}

/** The hosts that may be called back; none where nobody is. */
export function callbackHosts({ settings: { hosting } }: ModelParts): Record<string, string> {
  if (hosting.mode !== 'asynchronous' || hosting.callbacks === undefined) return {};
  return { CALLBACK_HOSTS: JSON.stringify(hosting.callbacks.hosts) };
}

/** The queue of callbacks, where anybody is called back. */
export function callbackQueue({ callbacks }: ModelParts): Record<string, string> {
  return callbacks === undefined ? {} : { CALLBACK_QUEUE_URL: callbacks.queueUrl };
}
