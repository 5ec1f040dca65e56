import { unsuccessfulExecutions } from '../signals/step-functions.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { ONCE } from './breaches.ts';

export interface BatchAlarmSubject {
  readonly stateMachineArn: string;
}

/** What batches report. A line with a problem is in its results; an execution that fails has none. */
export function batchAlarms({ stateMachineArn }: BatchAlarmSubject): readonly AlarmDeclaration[] {
  return [
    {
      kind: 'batch-failures',
      id: 'batch-failures',
      title: 'A batch came to nothing',
      firstStep: 'Read the cause in results/<execution>/summary.json, or in the failed execution.',
      severity: 'ticket',
      signal: unsuccessfulExecutions({ stateMachineArn }),
      threshold: 0,
      breaches: ONCE,
    },
  ];
}
