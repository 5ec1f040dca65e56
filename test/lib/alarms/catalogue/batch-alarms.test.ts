import { describe, expect, it } from 'vitest';
import { BATCH_ALARM_KINDS } from '../../../../lib/alarms/catalogue/alarm-declaration.ts';
import { batchAlarms } from '../../../../lib/alarms/catalogue/batch-alarms.ts';

const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:furrow-dev-learned-yield-batch';

describe('the alarms of batches', () => {
  it('fire at the first execution that fails or takes too long, and not at one that somebody stopped', () => {
    const [alarm, ...others] = batchAlarms({ stateMachineArn });

    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      kind: 'batch-failures',
      id: 'batch-failures',
      severity: 'ticket',
      threshold: 0,
      breaches: { periods: 1, outOf: 1 },
      signal: {
        statistic: 'Sum',
        metrics: ['ExecutionsFailed', 'ExecutionsTimedOut'].map((name) => ({
          namespace: 'AWS/States',
          name,
          dimensions: { StateMachineArn: stateMachineArn },
        })),
      },
    });
  });

  it('are all of their kinds', () => {
    expect(batchAlarms({ stateMachineArn }).map(({ kind }) => kind)).toEqual([...BATCH_ALARM_KINDS]);
  });
});
