/** An error as states raise, retry and catch it. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly error: string;
  readonly errorCause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.errorCause = cause;
  }
}

/** What nothing catches: the execution itself is wrong (States Language, "Predefined error codes"). */
const FATAL = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** Whether a retrier's or a catcher's list names an error. */
export function matches(names: readonly string[], { error }: StateError): boolean {
  if (names.includes(error)) return true;
  if (FATAL.has(error)) return false;
  if (names.includes('States.ALL')) return true;
  return names.includes('States.TaskFailed') && error !== 'States.Timeout';
}
