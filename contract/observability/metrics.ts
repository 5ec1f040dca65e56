/** The namespace of the metrics that the handlers emit; each has the dimensions `environment` and `service`, the model's name. */
export const METRICS_NAMESPACE = 'Furrow';

/** What the handlers count: the alarms read the same names. All are counts. */
export const METRICS = {
  /** Predictions answered, asynchronous ones when they are there; counted once more with the further dimension `variant`. */
  predictions: 'Predictions',
  /** Requests answered with a problem document by a function; with the further dimension `code`. */
  problems: 'Problems',
  /** Inputs or answers outside the range that the model was made for. */
  outsideExpectedRange: 'OutsideExpectedRange',
  /** Predictions that the table did not take and that went to the capture queue: late, not lost. */
  captureDeferred: 'CaptureDeferred',
  /** Predictions that neither the table nor the queue took. */
  captureLost: 'CaptureLost',
  /** Failed reads and writes of the feedback table. */
  tableErrors: 'TableErrors',
  /** Asynchronous predictions that were accepted and ended without an answer; counted once more with the dimension `variant`. */
  asynchronousFailures: 'AsynchronousFailures',
  /** Callbacks that their receivers took. */
  callbacks: 'Callbacks',
  /** Attempts to call back that came to nothing, and are made again. */
  callbacksDeferred: 'CallbacksDeferred',
  /** Callbacks that were given up at once: refused for good, or not to be made any more. */
  callbacksRefused: 'CallbacksRefused',
  /** Predictions that batches made. */
  batchPredictions: 'BatchPredictions',
  /** Lines of batches that were answered with a problem. */
  batchProblems: 'BatchProblems',
  /** Feedback stored. */
  feedback: 'Feedback',
  /** Requests that a variant failed on, whatever its fault; with the further dimension `variant`, as all that follow. */
  variantErrors: 'VariantErrors',
  /** Predictions of a shadow that were stored. */
  shadowPredictions: 'ShadowPredictions',
  /** Requests that a shadow failed on, or whose shadow predictions could not be stored. */
  shadowErrors: 'ShadowErrors',
  /** Requests that a shadow had not answered within its budget. */
  shadowTimeouts: 'ShadowTimeouts',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
