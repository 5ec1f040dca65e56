import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Codec } from '../predictors/codec.ts';
import { formatInvocationId, type InvocationId } from './invocation-id.ts';

/** A request that lies ready for the model. Its id comes back with the notification. */
export interface Invocation extends InvocationId {
  readonly inputUri: string;
  readonly customAttributes: string;
}

export interface InvocationLimits {
  readonly timeoutSeconds: number;
  readonly maxWaitSeconds: number;
}

/** Where the outcome will lie, as SageMaker says: an answer, or what the container said instead of one. */
export interface OutcomePlaces {
  readonly outputUri: string | undefined;
  readonly failureUri: string | undefined;
}

/** Puts a request into the endpoint's queue; aborts with the signal. */
export type InvokeAsynchronously = (invocation: Invocation, signal: AbortSignal) => Promise<OutcomePlaces>;

/** One client for the life of the function. It does not try again: a request that was taken twice would run twice. */
export function sageMakerQueue(
  endpointName: string,
  { timeoutSeconds, maxWaitSeconds }: InvocationLimits,
  { contentType }: Pick<Codec, 'contentType'>,
): InvokeAsynchronously {
  const client = new SageMakerRuntimeClient({ maxAttempts: 1 });
  return async ({ inputUri, customAttributes, ...id }, abortSignal) => {
    const command = new InvokeEndpointAsyncCommand({
      EndpointName: endpointName,
      InferenceId: formatInvocationId(id),
      InputLocation: inputUri,
      ContentType: contentType,
      Accept: contentType,
      CustomAttributes: customAttributes,
      InvocationTimeoutSeconds: timeoutSeconds,
      RequestTTLSeconds: maxWaitSeconds,
    });
    const { OutputLocation, FailureLocation } = await client.send(command, { abortSignal });
    return { outputUri: OutputLocation, failureUri: FailureLocation };
  };
}
