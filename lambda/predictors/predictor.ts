import type { Deadline } from '../http/deadline.ts';

export type Values = Readonly<Record<string, unknown>>;

/** What goes along with inputs on their way to the model. */
export interface PredictionContext {
  readonly requestId: string;
  readonly traceId: string | undefined;
  /** The caller's own W3C trace context, passed on as it came. */
  readonly traceparent: string | undefined;
  readonly deadline: Deadline;
  /** Gives the prediction up before its deadline. @default - only the deadline does */
  readonly signal?: AbortSignal | undefined;
}

/** Where predictions come from. */
export interface Predictor {
  /**
   * One answer for each input, in the same order.
   * @throws {ProblemError} `model-error`, `model-timeout`, `model-throttled` or `model-unavailable`.
   * @throws {ImageError} where an input's image can't be decoded.
   */
  predict(inputs: readonly Values[], context: PredictionContext): Promise<readonly Values[]>;
}

/** What is kept back of a function's time for capturing a prediction and answering, in milliseconds. */
export const ANSWER_RESERVE_MS = 1500;
