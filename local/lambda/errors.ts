/** The function or the qualifier does not exist; the message is Lambda's own. */
export class FunctionNotFound extends Error {
  override readonly name = 'FunctionNotFound';

  constructor(arn: string) {
    super(`Function not found: ${arn}`);
  }
}

/** The largest request and response of a synchronous invocation: 6 MB (Lambda quotas, "Invocation payload"). */
export const REQUEST_LIMIT_BYTES = 6_291_456;
/** What Lambda names in its error: 6 MB and 100 bytes. */
export const RESPONSE_LIMIT_BYTES = 6_291_556;

/** The event is over 6 MB as JSON; the message is Lambda's own. */
export class RequestTooLarge extends Error {
  override readonly name = 'RequestTooLarge';

  constructor() {
    super(`Request must be smaller than ${REQUEST_LIMIT_BYTES} bytes for the InvokeFunction operation`);
  }
}

/** What an invocation answers when the function, and not the service, failed. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** @param at milliseconds since the epoch */
export function timedOut(at: number, requestId: string, timeoutSeconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `${new Date(at).toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  };
}

export function outOfMemory(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  };
}

const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** The process ended by itself, with an exit status or by a signal. */
export function exited(requestId: string, code: number | null, signal: string | null): FunctionError {
  const reason =
    signal !== null
      ? `with error: signal: ${SIGNALS[signal] ?? signal}`
      : code === 0
        ? 'without providing a reason'
        : `with error: exit status ${code}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reason}`,
  };
}

export const RESPONSE_TOO_LARGE: FunctionError = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`,
};

/** The deployment that the function belongs to has ended, or the whole local cloud: nothing of it runs any more. */
export class FunctionsEnded extends Error {
  override readonly name = 'FunctionsEnded';

  constructor() {
    super('the functions of this deployment have ended');
  }
}

/** The function exists, but it can't run on a laptop. */
export class NotEmulated extends Error {
  override readonly name = 'NotEmulated';
}
