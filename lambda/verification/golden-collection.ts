import type { Context } from 'aws-lambda';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import { parsePredictions } from '../../contract/requests/requests.ts';
import { verificationName } from '../asynchronous/invocation-id.ts';
import { inputKey, type Payloads } from '../asynchronous/payloads.ts';
import { deadlineOf } from '../http/deadline.ts';
import { loggable } from '../http/loggable.ts';
import { logger } from '../observability.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import type { Codec } from '../predictors/codec.ts';
import { decodeAnswers } from '../predictors/payload.ts';
import { ANSWER_RESERVE_MS, type Values } from '../predictors/predictor.ts';
import { asStoreProblem } from '../store-errors.ts';
import { type GoldenAnswer, type GoldenPlaces, orProblem } from './golden-question.ts';

/**
 * What a verification asks the function that completes predictions, by invoking it: what has become of a question that was
 * put into a queue. No queue can: its events hold records.
 */
export interface GoldenCollection {
  readonly goldenAnswer: GoldenPlaces & {
    /** The question's. */
    readonly name: string;
    readonly inputs: readonly Values[];
  };
}

/** What has become of a question. */
export type GoldenOutcome = GoldenAnswer | { readonly pending: true };

export interface CollectGoldenPorts {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly payloads: Pick<Payloads, 'find' | 'delete' | 'keyOf'>;
}

/** What a container said instead of an answer, in a reason that has to stay short, in characters. */
const FAILURE_SHOWN = 300;

/** Whether an event is a verification's question. */
export function isGoldenCollection(event: object): event is GoldenCollection {
  return 'goldenAnswer' in event;
}

/**
 * Reads what an endpoint made of golden predictions, as the answer of any request is read: decoded, postprocessed and
 * checked. With the outcome, what the question wrote is deleted.
 */
export async function collectGolden(
  { model, codec, payloads }: CollectGoldenPorts,
  { goldenAnswer }: GoldenCollection,
  context: Context,
): Promise<GoldenOutcome> {
  const { name, outputUri, failureUri } = goldenAnswer;
  const signal = AbortSignal.timeout(deadlineOf(context).remainingMs(ANSWER_RESERVE_MS));
  const find = (uri: string) =>
    payloads.find(payloads.keyOf(uri), signal).catch((error: unknown) => {
      throw asStoreProblem(error, 'The answers could not be looked for.');
    });
  return orProblem<GoldenOutcome>(context, async () => {
    const text = await find(outputUri);
    const failure = text === undefined ? await find(failureUri) : undefined;
    if (text === undefined && failure === undefined) return { pending: true };
    await forget(payloads, name, signal);
    if (text === undefined) {
      const detail = `The model fails on them: ${failure?.slice(0, FAILURE_SHOWN)}`;
      throw new ProblemError('model-error', detail);
    }
    const { inputs } = parsePredictions(model, { inputs: goldenAnswer.inputs });
    return { outputs: checkedOutputs(model, decodeAnswers(model, codec, text, inputs)) };
  });
}

/** What can't be deleted is deleted by the bucket, some days later: no reason to give a deployment up. */
async function forget(payloads: Pick<Payloads, 'delete'>, name: string, signal: AbortSignal): Promise<void> {
  try {
    await payloads.delete(inputKey(verificationName(name)), signal);
  } catch (error) {
    logger.warn('golden predictions not deleted', { error: loggable(error) });
  }
}
