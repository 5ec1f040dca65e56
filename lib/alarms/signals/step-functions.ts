import { datadogTags } from './datadog-spelling.ts';
import type { Signal } from './signal.ts';

export interface StateMachineSignalOptions {
  readonly stateMachineArn: string;
}

/** How an execution ends that nobody ended on purpose and that did not succeed, in both spellings. */
const BAD_ENDS = {
  ExecutionsFailed: 'aws.states.executions_failed',
  ExecutionsTimedOut: 'aws.states.executions_timed_out',
} as const;

/** Executions that failed or took longer than they may. */
export function unsuccessfulExecutions({ stateMachineArn }: StateMachineSignalOptions): Signal {
  const dimensions = { StateMachineArn: stateMachineArn };
  return {
    metrics: Object.keys(BAD_ENDS).map((name) => ({ namespace: 'AWS/States', name, dimensions })),
    statistic: 'Sum',
    periodSeconds: 300,
    datadog: {
      metrics: [BAD_ENDS.ExecutionsFailed, BAD_ENDS.ExecutionsTimedOut],
      over: 'sum',
      across: 'sum',
      tags: datadogTags(dimensions),
    },
  };
}
