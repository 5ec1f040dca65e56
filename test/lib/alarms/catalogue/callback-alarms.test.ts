import { describe, expect, it } from 'vitest';
import { CALLBACK_ALARM_KINDS } from '../../../../lib/alarms/catalogue/alarm-declaration.ts';
import { callbackAlarms } from '../../../../lib/alarms/catalogue/callback-alarms.ts';

describe('the alarms of callbacks', () => {
  it('fire at the first that nobody took, and are a ticket', () => {
    const [alarm, ...others] = callbackAlarms({ deadLetterQueueName: 'dead-3' });

    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      kind: 'callback-dlq-not-empty',
      id: 'callback-dlq-not-empty',
      severity: 'ticket',
      threshold: 0,
      breaches: { periods: 1, outOf: 1 },
      signal: {
        statistic: 'Maximum',
        metrics: [
          {
            namespace: 'AWS/SQS',
            name: 'ApproximateNumberOfMessagesVisible',
            dimensions: { QueueName: 'dead-3' },
          },
        ],
        datadog: { tags: { queuename: 'dead-3' } },
      },
    });
  });

  it('are all of their kinds', () => {
    expect(callbackAlarms({ deadLetterQueueName: 'dead-3' }).map(({ kind }) => kind)).toEqual([
      ...CALLBACK_ALARM_KINDS,
    ]);
  });
});
