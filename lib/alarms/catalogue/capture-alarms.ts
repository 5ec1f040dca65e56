import { METRICS } from '../../../contract/observability/metrics.ts';
import { tableSystemErrors } from '../signals/dynamodb.ts';
import { counted } from '../signals/furrow.ts';
import { visibleMessages } from '../signals/sqs.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { ONCE, TWICE_OF_THREE } from './breaches.ts';

export interface CaptureAlarmSubject {
  readonly environment: string;
  readonly model: string;
  readonly tableName: string;
  readonly deadLetterQueueName: string;
  /** What the functions of this model ask of the table besides. @default - nothing */
  readonly furtherTableOperations?: readonly string[];
}

/** What the functions ask of the table. */
const TABLE_OPERATIONS = ['BatchWriteItem', 'Query', 'GetItem', 'PutItem'] as const;

/** What happens to predictions and feedback after the answer. */
export function captureAlarms(subject: CaptureAlarmSubject): readonly AlarmDeclaration[] {
  const { tableName, deadLetterQueueName, furtherTableOperations = [] } = subject;
  return [
    {
      kind: 'table-errors',
      id: 'table-errors',
      title: 'Reading or writing predictions fails',
      firstStep:
        'Search the logs for the name of the error: access, throttling and outages have different cures.',
      severity: 'ticket',
      signal: counted(METRICS.tableErrors, subject),
      threshold: 0,
      breaches: TWICE_OF_THREE,
    },
    {
      kind: 'table-system-errors',
      id: 'table-system-errors',
      title: 'DynamoDB fails by itself',
      firstStep:
        'Look at the health of DynamoDB in the region; predictions wait in the capture queue meanwhile.',
      severity: 'ticket',
      signal: tableSystemErrors({ tableName, operations: [...TABLE_OPERATIONS, ...furtherTableOperations] }),
      threshold: 0,
      breaches: TWICE_OF_THREE,
    },
    {
      kind: 'capture-deferred',
      id: 'capture-deferred',
      title: 'Predictions are stored late',
      firstStep:
        'Nothing is lost: see why the table refused them, and whether the drain function gets them stored.',
      severity: 'ticket',
      signal: counted(METRICS.captureDeferred, subject),
      threshold: 0,
      breaches: TWICE_OF_THREE,
    },
    {
      kind: 'capture-lost',
      id: 'capture-lost',
      title: 'Predictions are lost',
      firstStep:
        'Neither the table nor the queue took them: look for AccessDenied and for an outage in the region.',
      severity: 'page',
      signal: counted(METRICS.captureLost, subject),
      threshold: 0,
      breaches: ONCE,
    },
    {
      kind: 'capture-dlq-not-empty',
      id: 'capture-dlq-not-empty',
      title: 'Predictions could not be stored from the capture queue',
      firstStep: 'Read one message and the log of drain; mend the cause, then move the messages back.',
      severity: 'ticket',
      signal: visibleMessages({ queueName: deadLetterQueueName }),
      threshold: 0,
      breaches: ONCE,
    },
  ];
}
