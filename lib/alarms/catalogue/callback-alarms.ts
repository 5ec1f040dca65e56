import { visibleMessages } from '../signals/sqs.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { ONCE } from './breaches.ts';

export interface CallbackAlarmSubject {
  readonly deadLetterQueueName: string;
}

/** What callbacks report. One that its receiver refuses is counted and no more: that is the caller's to mend. */
export function callbackAlarms({ deadLetterQueueName }: CallbackAlarmSubject): readonly AlarmDeclaration[] {
  return [
    {
      kind: 'callback-dlq-not-empty',
      id: 'callback-dlq-not-empty',
      title: 'Callers could not be called back',
      firstStep: 'Search the log of notify for "callback put off": it names the host and the reason.',
      severity: 'ticket',
      signal: visibleMessages({ queueName: deadLetterQueueName }),
      threshold: 0,
      breaches: ONCE,
    },
  ];
}
