import type { Execution, TimedEvent } from './execution.ts';

interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly type: string;
  readonly [details: string]: unknown;
}

/** The events of an execution, as GetExecutionHistory answers them. Of tasks only failures are told apart. */
export function historyOf(execution: Execution): readonly HistoryEvent[] {
  const { input, machine, startedAt, endedAt, events } = execution;
  const started = {
    at: startedAt,
    type: 'ExecutionStarted',
    executionStartedEventDetails: { input, roleArn: machine.roleArn },
  };
  const ended = endedAt === undefined ? [] : [{ at: endedAt, ...endOf(execution) }];
  return [started, ...events.map(detailed), ...ended].map(({ at, ...event }, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: at / 1000,
    ...event,
  }));
}

function detailed(event: TimedEvent): { readonly at: number; readonly type: string } {
  const { at, state: name } = event;
  switch (event.kind) {
    case 'entered':
      return {
        at,
        type: `${event.type}StateEntered`,
        ...{ stateEnteredEventDetails: { name, input: JSON.stringify(event.input) } },
      };
    case 'exited':
      return {
        at,
        type: `${event.type}StateExited`,
        ...{ stateExitedEventDetails: { name, output: JSON.stringify(event.output) } },
      };
    case 'task-failed':
      return {
        at,
        type: 'TaskFailed',
        ...{ taskFailedEventDetails: { error: event.error, cause: event.cause } },
      };
  }
}

function endOf({ status, output, error, cause }: Execution): { readonly type: string } {
  const details = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  switch (status) {
    case 'SUCCEEDED':
      return { type: 'ExecutionSucceeded', ...{ executionSucceededEventDetails: { output } } };
    case 'ABORTED':
      return { type: 'ExecutionAborted', ...{ executionAbortedEventDetails: details } };
    case 'TIMED_OUT':
      return { type: 'ExecutionTimedOut', ...{ executionTimedOutEventDetails: details } };
    default:
      return { type: 'ExecutionFailed', ...{ executionFailedEventDetails: details } };
  }
}
