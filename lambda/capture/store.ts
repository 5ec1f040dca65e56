import type { FailedRecord, PendingRecord } from './asynchronous-record.ts';
import type { FeedbackRecord, PredictionRecord } from './record.ts';

/** What is known of one prediction. */
export interface StoredPrediction {
  /** With a `status` while an asynchronous prediction is not there, or where it never will be. */
  readonly prediction: PredictionRecord | PendingRecord | FailedRecord;
  readonly feedback: FeedbackRecord | undefined;
}

/**
 * Where predictions and their feedback are kept. Reads and `addFeedback` throw {@link ProblemError} `store-unavailable`
 * where the store fails for a while.
 */
export interface PredictionStore {
  /** Stores what it can until the signal aborts; answers the records that it could not store, and why. */
  write(records: readonly PredictionRecord[], signal: AbortSignal): Promise<WriteOutcome>;
  read(predictionId: string, signal: AbortSignal): Promise<StoredPrediction | undefined>;
  /** Whether the prediction is known; read consistently. */
  has(predictionId: string, signal: AbortSignal): Promise<boolean>;
  /** False where the prediction has feedback already. */
  addFeedback(feedback: FeedbackRecord, signal: AbortSignal): Promise<boolean>;
}

export interface WriteOutcome<R = PredictionRecord> {
  readonly unwritten: readonly R[];
  readonly error?: unknown;
}
