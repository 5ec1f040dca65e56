import type { Access, DeploymentSettings } from '../../contract/deployment/deployment.ts';
import type { Model } from '../../contract/model/model.ts';
import type { CallbackQueue } from '../callbacks/callback-queue.ts';
import type { CaptureQueue } from '../capture/capture-queue.ts';
import type { PredictionTable } from '../capture/prediction-table.ts';
import type { BatchFunction, FunctionName } from '../function-specs.ts';
import { AsynchronousEndpoint } from '../hosting/asynchronous-endpoint.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';
import type { UploadBucket } from '../uploads/upload-bucket.ts';
import { variantVariables } from './variant-variables.ts';

/** Batches have functions of their own. */
export type OnlineFunction = Exclude<FunctionName, BatchFunction>;

/** What the functions of a model have to do with. */
export interface FunctionSurroundings {
  readonly model: Pick<Model, 'name' | 'version' | 'input'>;
  readonly settings: DeploymentSettings;
  readonly table: PredictionTable;
  readonly queue: CaptureQueue;
  /** @default - nobody is called back */
  readonly callbacks?: CallbackQueue | undefined;
  /** @default - the model runs inside the predict function */
  readonly endpoint?: ModelEndpoint | undefined;
  /** The endpoints of challengers and shadows, by name. */
  readonly variantEndpoints: ReadonlyMap<string, ModelEndpoint>;
  /** @default - the model takes no images */
  readonly uploads?: UploadBucket | undefined;
}

/** The environment variables of each function: what it needs and no others. */
export function functionVariables(
  props: FunctionSurroundings,
): Record<OnlineFunction, Record<string, string>> {
  const { settings, table, queue, endpoint } = props;
  const variants = variantVariables({
    model: props.model,
    settings,
    endpoints: props.variantEndpoints,
  });
  const uploads = props.uploads === undefined ? {} : { UPLOAD_BUCKET: props.uploads.bucketName };
  const store = { TABLE_NAME: table.tableName };
  const retention = { RETENTION_DAYS: String(settings.capture.retentionDays) };
  const model =
    endpoint === undefined
      ? {}
      : {
          ENDPOINT_NAME: endpoint.endpointName,
          ...(endpoint.componentName === undefined
            ? {}
            : { INFERENCE_COMPONENT_NAME: endpoint.componentName }),
          PAYLOAD_LIMIT_BYTES: String(endpoint.payloadLimitBytes),
          CODEC: endpoint.codec,
        };
  const isAsynchronous = endpoint instanceof AsynchronousEndpoint;
  const called = callbackHosts(settings);
  const callbackQueue: Record<string, string> =
    props.callbacks === undefined ? {} : { CALLBACK_QUEUE_URL: props.callbacks.queueUrl };
  return {
    predict: {
      ...store,
      ...retention,
      ...uploads,
      ...variants.predict,
      ...(isAsynchronous
        ? { ...submission(endpoint), ...called }
        : { ...model, CAPTURE_QUEUE_URL: queue.queueUrl }),
    },
    'get-prediction': store,
    feedback: { ...store, ...retention },
    health: isAsynchronous ? store : model,
    describe: {
      ACCESS_KIND: settings.access.kind,
      HOSTING_MODE: settings.hosting.mode,
      AVAILABILITY_PERCENT: String(settings.objectives.availabilityPercent),
      LATENCY_P95_MS: String(settings.objectives.latencyP95Ms),
      ...variants.describe,
      ...called,
    },
    drain: store,
    verify: {},
    authorize: tokenVariables(settings.access),
    upload: uploads,
    notify: { ...called, ...callbackQueue },
    complete: {
      ...store,
      ...callbackQueue,
      ...(isAsynchronous ? { INFERENCE_BUCKET: endpoint.bucketName, CODEC: endpoint.codec } : {}),
    },
  };
}

/** Where a request goes, and what it is told about its time. */
function submission({
  endpointName,
  codec,
  bucketName,
  asynchronous,
}: AsynchronousEndpoint): Record<string, string> {
  const { hosting } = asynchronous;
  return {
    ENDPOINT_NAME: endpointName,
    CODEC: codec,
    INFERENCE_BUCKET: bucketName,
    INVOCATION_TIMEOUT_SECONDS: String(hosting.timeoutSeconds),
    MAX_WAIT_SECONDS: String(hosting.maxWaitSeconds),
  };
}

function callbackHosts({ hosting }: DeploymentSettings): Record<string, string> {
  if (hosting.mode !== 'asynchronous' || hosting.callbacks === undefined) return {};
  return { CALLBACK_HOSTS: JSON.stringify(hosting.callbacks.hosts) };
}

function tokenVariables(access: Access): Record<string, string> {
  if (access.kind !== 'jwt') return {};
  return { TOKEN_ISSUER: access.issuer, TOKEN_AUDIENCE: access.audience, JWKS_URL: access.jwksUrl };
}
