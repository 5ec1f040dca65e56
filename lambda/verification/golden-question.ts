import type { Context } from 'aws-lambda';
import type { Model } from '../../contract/model.ts';
import { ProblemError, type ProblemItem } from '../../contract/problems.ts';
import { parsePredictions } from '../../contract/requests.ts';
import { deadlineOf } from '../http/deadline.ts';
import { loggable } from '../http/loggable.ts';
import { logger } from '../observability.ts';
import { checkedOutputs } from '../operations/checked-outputs.ts';
import { locatingImages } from '../operations/image-problems.ts';
import type { Predictor, Values } from '../predictors/predictor.ts';

/**
 * What a verification asks the predict function by invoking it. No client can: API Gateway decides what fields the events
 * have that it sends, and this is none of them.
 */
export interface GoldenQuestion {
  readonly goldenPredictions: { readonly inputs: readonly Values[] };
}

/** The answers in the order of the inputs, quantities bare and in their declared units; or why there are none. */
export type GoldenAnswer =
  | { readonly outputs: readonly Values[] }
  | {
      readonly problem: {
        readonly code: string;
        readonly detail: string;
        readonly errors?: readonly ProblemItem[];
      };
    };

/** Whether an event is a verification's question. */
export function isGoldenQuestion(event: object): event is GoldenQuestion {
  return 'goldenPredictions' in event;
}

/**
 * Answers golden predictions by the champion, by the same way that a request takes: parsed by the contract, preprocessed,
 * asked, postprocessed and checked. Nothing is captured, counted or shadowed: nobody asked for a prediction.
 */
export async function answerGolden(
  model: Model,
  champion: Predictor,
  { goldenPredictions }: GoldenQuestion,
  context: Context,
): Promise<GoldenAnswer> {
  logger.addContext(context);
  const about = {
    requestId: context.awsRequestId,
    traceId: undefined,
    traceparent: undefined,
    deadline: deadlineOf(context),
  };
  try {
    const parsed = parsePredictions(model, { inputs: goldenPredictions.inputs });
    const answers = await locatingImages(parsed, () => champion.predict(parsed.inputs, about));
    return { outputs: checkedOutputs(model, answers) };
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      logger.error('golden predictions failed', { error: loggable(error) });
      return { problem: { code: 'internal-error', detail: 'The log of the function has the error.' } };
    }
    const { code, message, errors } = error;
    return { problem: { code, detail: message, ...(errors.length === 0 ? {} : { errors }) } };
  }
}
