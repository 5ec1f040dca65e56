import type { Context } from 'aws-lambda';
import type { Model } from '../../contract/model/model.ts';
import { type ProblemCode, ProblemError, type ProblemItem } from '../../contract/problems/problems.ts';
import { parsePredictions } from '../../contract/requests/requests.ts';
import { deadlineOf } from '../http/deadline.ts';
import { loggable } from '../http/loggable.ts';
import { logger } from '../observability.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import { locatingImages } from '../predictors/image-problems.ts';
import type { PredictionContext, Predictor, Values } from '../predictors/predictor.ts';

/**
 * What a verification asks the predict function by invoking it. No client can: API Gateway decides what fields the events
 * have that it sends, and this is none of them.
 */
export interface GoldenQuestion {
  readonly goldenPredictions: {
    /** Who is to answer. */
    readonly variant: string;
    /** What the question is called; it keeps its name when it is asked again. */
    readonly name: string;
    readonly inputs: readonly Values[];
  };
}

/** The answers in the order of the inputs, quantities bare and in their declared units; or why there are none. */
export type GoldenAnswer =
  | { readonly outputs: readonly Values[] }
  | {
      readonly problem: {
        readonly code: ProblemCode;
        readonly detail: string;
        readonly errors?: readonly ProblemItem[];
      };
    };

/** Where an endpoint that answers later leaves what becomes of a question: one of the two objects. */
export interface GoldenPlaces {
  readonly outputUri: string;
  readonly failureUri: string;
}

/** What the predict function says to a question. */
export type GoldenReply = GoldenAnswer | { readonly queued: GoldenPlaces };

/** Whether an event is a verification's question. */
export function isGoldenQuestion(event: object): event is GoldenQuestion {
  return 'goldenPredictions' in event;
}

/**
 * Answers golden predictions by the same way that a request takes: parsed by the contract, preprocessed, asked,
 * postprocessed and checked. Nothing is captured, counted or shadowed: nobody asked for a prediction.
 * @param predictorOf the way to a variant
 */
export async function answerGolden(
  model: Model,
  predictorOf: (variant: string) => Predictor,
  { goldenPredictions }: GoldenQuestion,
  context: Context,
): Promise<GoldenAnswer> {
  const { variant, inputs } = goldenPredictions;
  const about = aboutQuestion(context);
  return orProblem(context, async () => {
    const parsed = parsePredictions(model, { inputs });
    const answers = await locatingImages(parsed, () => predictorOf(variant).predict(parsed.inputs, about));
    return { outputs: checkedOutputs(model, answers) };
  });
}

/** What a question is asked with: it is no request of the API, and has no trace. */
export function aboutQuestion(context: Context): PredictionContext {
  return {
    requestId: context.awsRequestId,
    traceId: undefined,
    traceparent: undefined,
    deadline: deadlineOf(context),
  };
}

/** What work for a verification comes to, or the problem that a request would get; what else goes wrong is in the log. */
export async function orProblem<T>(context: Context, work: () => Promise<T>): Promise<T | GoldenAnswer> {
  logger.addContext(context);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      logger.error('golden predictions failed', { error: loggable(error) });
      return { problem: { code: 'internal-error', detail: 'The log of the function has the error.' } };
    }
    const { code, message, errors } = error;
    return { problem: { code, detail: message, ...(errors.length === 0 ? {} : { errors }) } };
  }
}
