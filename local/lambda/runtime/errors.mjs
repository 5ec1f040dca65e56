/** An error under one of Lambda's own names, keeping the stack of its cause. */
export function userError(name, message, cause) {
  const error = new Error(message, { cause });
  error.name = name;
  if (cause instanceof Error && cause.stack !== undefined)
    error.stack = `${name}: ${message}\n${cause.stack}`;
  return error;
}

/** The error object that Lambda answers with: type, message and stack trace. */
export function describeError(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
