/** The fields of SageMaker's `ModelError` that hold no payload. */
interface ModelError {
  readonly name: string;
  readonly OriginalStatusCode?: number;
  readonly LogStreamArn?: string;
}

/**
 * An error as it may be logged. A `ModelError` quotes the container's answer, in which values of the request may stand:
 * of it only the name, the status and the place of the container's own log are kept.
 */
export function loggable(error: unknown): Error | ModelError {
  if (!(error instanceof Error)) return new Error(`thrown: ${typeof error}`);
  if (error.name !== 'ModelError') return error;
  const { name, OriginalStatusCode, LogStreamArn } = error as Error & ModelError;
  return {
    name,
    ...(OriginalStatusCode === undefined ? {} : { OriginalStatusCode }),
    ...(LogStreamArn === undefined ? {} : { LogStreamArn }),
  };
}
