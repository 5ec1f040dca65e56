import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { OIP_CONTENT_TYPE } from '../predictors/oip-codec.ts';

/** A request that lies ready for the model. */
export interface Invocation {
  /** Comes back with the notification. */
  readonly invocationId: string;
  readonly inputUri: string;
  readonly customAttributes: string;
}

export interface InvocationLimits {
  readonly timeoutSeconds: number;
  readonly maxWaitSeconds: number;
}

/** Puts a request into the endpoint's queue; aborts with the signal. */
export type InvokeAsynchronously = (invocation: Invocation, signal: AbortSignal) => Promise<void>;

/** One client for the life of the function. It does not try again: a request that was taken twice would run twice. */
export function sageMakerQueue(
  endpointName: string,
  { timeoutSeconds, maxWaitSeconds }: InvocationLimits,
): InvokeAsynchronously {
  const client = new SageMakerRuntimeClient({ maxAttempts: 1 });
  return async ({ invocationId, inputUri, customAttributes }, abortSignal) => {
    const command = new InvokeEndpointAsyncCommand({
      EndpointName: endpointName,
      InferenceId: invocationId,
      InputLocation: inputUri,
      ContentType: OIP_CONTENT_TYPE,
      Accept: OIP_CONTENT_TYPE,
      CustomAttributes: customAttributes,
      InvocationTimeoutSeconds: timeoutSeconds,
      RequestTTLSeconds: maxWaitSeconds,
    });
    await client.send(command, { abortSignal });
  };
}
