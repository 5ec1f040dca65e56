import { functionErrors, functionThrottles } from '../signals/lambda.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { ONCE, TWICE_OF_THREE } from './breaches.ts';

export interface FunctionAlarmSubject {
  /** As its feature declares it. */
  readonly name: string;
  /** The deployed function's name. */
  readonly functionName: string;
}

/** What a function does not answer for itself: crashes, time-outs, and requests that never reached it. */
export function functionAlarms({ name, functionName }: FunctionAlarmSubject): readonly AlarmDeclaration[] {
  return [
    {
      kind: 'function-errors',
      id: `function-errors-${name}`,
      title: `${name} crashed or ran out of time`,
      firstStep: 'Search the log of the function for the level ERROR and for "Task timed out".',
      severity: 'ticket',
      signal: functionErrors({ functionName }),
      threshold: 0,
      breaches: ONCE,
    },
    {
      kind: 'function-throttles',
      id: `function-throttles-${name}`,
      title: `${name} is short of concurrency`,
      firstStep:
        'Compare the concurrent executions with what the function reserves, or with the quota of the account.',
      severity: 'ticket',
      signal: functionThrottles({ functionName }),
      threshold: 0,
      breaches: TWICE_OF_THREE,
    },
  ];
}
