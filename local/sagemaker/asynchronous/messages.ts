import type { QueuedRequest } from './request.ts';

/** What every notification of an endpoint says. */
export interface MessageContext {
  readonly region: string;
  readonly endpoint: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The notification of an answer. */
export function completedMessage(
  context: MessageContext,
  request: QueuedRequest,
  contentType: string,
): object {
  return {
    ...common(context, request, 'Completed'),
    responseParameters: { contentType, outputLocation: request.outputLocation },
  };
}

/** The notification of a failure. */
export function failedMessage(context: MessageContext, request: QueuedRequest, reason: string): object {
  return { ...common(context, request, 'Failed'), failureReason: reason };
}

function common(
  { region, endpoint, now }: MessageContext,
  { inferenceId, inputLocation, headers, receivedAt }: QueuedRequest,
  invocationStatus: string,
): object {
  return {
    awsRegion: region,
    eventTime: new Date(now).toISOString(),
    receivedTime: new Date(receivedAt).toISOString(),
    invocationStatus,
    requestParameters: {
      ...(headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }),
      endpointName: endpoint,
      inputLocation,
    },
    inferenceId,
    eventVersion: '1.0',
    eventSource: 'aws:sagemaker',
    eventName: 'InferenceResult',
  };
}
