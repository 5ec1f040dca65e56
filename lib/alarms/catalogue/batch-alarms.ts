import type { AlarmDeclaration } from './alarm-declaration.ts';
import { ONCE } from './breaches.ts';

export interface BatchAlarmSubject {
  readonly stateMachineArn: string;
}

/** How an execution ends that nobody ended on purpose and that did not succeed. */
const BAD_ENDS = ['ExecutionsFailed', 'ExecutionsTimedOut'] as const;

/** What batches report. A line with a problem is in its results; an execution that fails has none. */
export function batchAlarms({ stateMachineArn }: BatchAlarmSubject): readonly AlarmDeclaration[] {
  return [
    {
      kind: 'batch-failures',
      id: 'batch-failures',
      title: 'A batch came to nothing',
      firstStep: 'Read the cause in results/<execution>/summary.json, or in the failed execution.',
      severity: 'ticket',
      signal: {
        metrics: BAD_ENDS.map((name) => ({
          namespace: 'AWS/States',
          name,
          dimensions: { StateMachineArn: stateMachineArn },
        })),
        statistic: 'Sum',
        periodSeconds: 300,
        datadog: {
          over: 'sum',
          across: 'sum',
          metric: 'aws.states.executions_failed',
          tags: { statemachinearn: stateMachineArn },
        },
      },
      threshold: 0,
      breaches: ONCE,
    },
  ];
}
