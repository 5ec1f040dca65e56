import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import { readEnvironment } from '../environment.ts';
import { type Codec, codecNamed } from './codec.ts';
import { asProblem, isConnectionFailure } from './endpoint-errors.ts';
import { decodeAnswers, encodeInputs } from './payload.ts';
import { ANSWER_RESERVE_MS, type PredictionContext, type Predictor } from './predictor.ts';

/** Sends an inference request to a model server and answers its response; aborts with the signal. */
export type InvokeEndpoint = (body: string, customAttributes: string, signal: AbortSignal) => Promise<string>;

/** Asks a SageMaker endpoint: the one that the environment names, or another one in the same mode. */
export function predictorFor(model: ArtifactModel, endpointName?: string): Predictor {
  const { PAYLOAD_LIMIT_BYTES, CODEC } = readEnvironment(['PAYLOAD_LIMIT_BYTES', 'CODEC']);
  const place = endpointName === undefined ? championsPlace() : { EndpointName: endpointName };
  const codec = codecNamed(CODEC);
  return endpointPredictor(model, sageMakerInvoker(place, codec), PAYLOAD_LIMIT_BYTES, codec);
}

/** Where SageMaker finds a model. */
type Place = Pick<InvokeEndpointCommandInput, 'EndpointName' | 'InferenceComponentName'>;

function championsPlace(): Place {
  const { ENDPOINT_NAME, INFERENCE_COMPONENT_NAME } = readEnvironment([
    'ENDPOINT_NAME',
    'INFERENCE_COMPONENT_NAME',
  ]);
  return { EndpointName: ENDPOINT_NAME, InferenceComponentName: INFERENCE_COMPONENT_NAME };
}

/**
 * Encodes inputs, invokes an endpoint within the deadline and decodes its tensors. `payloadLimitBytes` is what the
 * endpoint takes at once.
 */
export function endpointPredictor(
  model: ArtifactModel,
  invoke: InvokeEndpoint,
  payloadLimitBytes: number,
  codec: Codec = codecNamed('oip'),
): Predictor {
  return {
    predict: async (inputs, context) => {
      const body = encodeInputs(model, codec, context.requestId, inputs);
      refuseLargeBody(body, payloadLimitBytes);
      const timeoutMs = context.deadline.remainingMs(ANSWER_RESERVE_MS);
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = context.signal === undefined ? timeout : AbortSignal.any([timeout, context.signal]);
      let answer: string;
      try {
        answer = await retryingOnce(() => invoke(body, customAttributes(context, timeoutMs), signal));
      } catch (error) {
        throw asProblem(error, signal.aborted);
      }
      return decodeAnswers(model, codec, answer, inputs);
    },
  };
}

/**
 * A connection that stood open while the function was frozen may be closed at the other end, which shows only when it is
 * used. A prediction changes nothing, so asking again is safe.
 */
async function retryingOnce(invoke: () => Promise<string>): Promise<string> {
  try {
    return await invoke();
  } catch (error) {
    if (!isConnectionFailure(error)) throw error;
    return await invoke();
  }
}

function refuseLargeBody(body: string, limit: number): void {
  const bytes = Buffer.byteLength(body);
  if (bytes <= limit) return;
  throw new ProblemError(
    'payload-too-large',
    `The inputs come to ${bytes} bytes for the model; it takes at most ${limit} at once. Send fewer inputs in one request.`,
  );
}

/** The only part of a request that SageMaker passes to a container besides the body: at most 1,024 visible characters. */
export function customAttributes(context: PredictionContext, timeoutMs: number): string {
  const { traceId, traceparent, requestId } = context;
  const attributes = [`requestId=${requestId}`, `deadline=${Date.now() + timeoutMs}`];
  if (traceId !== undefined) attributes.push(`traceId=${traceId.replaceAll(';', ',')}`);
  if (traceparent !== undefined) attributes.push(`traceparent=${traceparent}`);
  return attributes
    .join(';')
    .replace(/[^\x21-\x7e]/g, '')
    .slice(0, 1024);
}

/** One client for the life of the function. A throttled caller is told at once: it can wait better than a paid function. */
function sageMakerInvoker(place: Place, { contentType }: Codec): InvokeEndpoint {
  const client = new SageMakerRuntimeClient({ maxAttempts: 1 });
  return async (body, customAttributes, abortSignal) => {
    const { Body } = await client.send(
      new InvokeEndpointCommand({
        ...place,
        ContentType: contentType,
        Accept: contentType,
        CustomAttributes: customAttributes,
        Body: body,
      }),
      { abortSignal },
    );
    return Body?.transformToString('utf8') ?? '';
  };
}
