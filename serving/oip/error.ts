/**
 * A failure with an answer: the HTTP status and the sentence for the caller, as the Open Inference Protocol
 * wants it (`{"error": "…"}`). The sentence never holds values of the payload, so it may be logged.
 */
export class InferenceError extends Error {
  override readonly name = 'InferenceError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
