import type { Context } from 'aws-lambda';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { parsePredictions } from '../../contract/requests/requests.ts';
import { verificationName } from '../asynchronous/invocation-id.ts';
import type { InvocationLimits, InvokeAsynchronously } from '../asynchronous/invoker.ts';
import { inputKey, type Payloads } from '../asynchronous/payloads.ts';
import type { Codec } from '../predictors/codec.ts';
import { customAttributes } from '../predictors/endpoint.ts';
import { asProblem } from '../predictors/endpoint-errors.ts';
import { locatingImages } from '../predictors/image-problems.ts';
import { encodeInputs } from '../predictors/payload.ts';
import { ANSWER_RESERVE_MS } from '../predictors/predictor.ts';
import { asStoreProblem } from '../store-errors.ts';
import { aboutQuestion, type GoldenQuestion, type GoldenReply, orProblem } from './golden-question.ts';

export interface SubmitGoldenPorts {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly payloads: Pick<Payloads, 'put' | 'uri'>;
  readonly limits: InvocationLimits;
  /** The queue of a variant. */
  readonly queueOf: (variant: string) => InvokeAsynchronously;
}

/**
 * Puts golden predictions into a variant's queue by the same way that a list of inputs takes: parsed by the contract,
 * preprocessed, encoded, stored. They lie in a folder of their own, and their inference has a name that no request has;
 * there is no pending prediction and no stored request, because nobody asked for a prediction.
 */
export async function submitGolden(
  { model, codec, payloads, limits, queueOf }: SubmitGoldenPorts,
  { goldenPredictions }: GoldenQuestion,
  context: Context,
): Promise<GoldenReply> {
  const requestName = verificationName(goldenPredictions.name);
  const about = aboutQuestion(context);
  return orProblem(context, async () => {
    const parsed = parsePredictions(model, { inputs: goldenPredictions.inputs });
    const invoke = queueOf(goldenPredictions.variant);
    const body = await locatingImages(parsed, () => encodeInputs(model, codec, requestName, parsed.inputs));
    const signal = AbortSignal.timeout(about.deadline.remainingMs(ANSWER_RESERVE_MS));
    await payloads.put(inputKey(requestName), body, signal).catch((error: unknown) => {
      throw asStoreProblem(error, 'The golden predictions could not be stored.');
    });
    const invocation = {
      requestName,
      inputUri: payloads.uri(inputKey(requestName)),
      customAttributes: customAttributes(about, (limits.maxWaitSeconds + limits.timeoutSeconds) * 1000),
    };
    const { outputUri, failureUri } = await invoke(invocation, signal).catch((error: unknown) => {
      throw asProblem(error, signal.aborted);
    });
    if (outputUri === undefined || failureUri === undefined)
      throw new Error('the queue does not say where its outcomes lie');
    return { queued: { outputUri, failureUri } };
  });
}
