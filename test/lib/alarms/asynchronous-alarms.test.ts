import { describe, expect, it } from 'vitest';
import { defineDeployment } from '../../../contract/deployment.ts';
import { ASYNCHRONOUS_ALARM_KINDS } from '../../../lib/alarms/alarm-declaration.ts';
import { ASYNCHRONOUS_ROLLBACK_ALARMS } from '../../../lib/alarms/asynchronous-alarms.ts';
import { alarmCatalogue } from '../../../lib/alarms/catalogue.ts';
import { ASYNCHRONOUS } from '../support/models.ts';

const { hosting } = defineDeployment({ hosting: ASYNCHRONOUS, objectives: { latencyP95Ms: 800 } });
if (hosting.mode !== 'asynchronous') throw new Error('the fixture is not asynchronous');

const catalogue = alarmCatalogue({
  environment: 'dev',
  model: 'learned-yield',
  objectives: { availabilityPercent: 99.5, latencyP95Ms: 800 },
  apiName: 'a',
  stageName: 's',
  functions: [],
  tableName: 'table-1',
  deadLetterQueueName: 'dead-1',
  endpoint: {
    endpointName: 'e',
    variantName: 'champion',
    asynchronous: { hosting, deadLetterQueueName: 'dead-2' },
  },
});
const endpoint = { EndpointName: 'e' };
const variant = { EndpointName: 'e', VariantName: 'champion' };

describe('the alarms of an asynchronous endpoint', () => {
  it.each([
    ['endpoint-5xx-errors', 0.05, 'Average', 'AWS/SageMaker', 'Invocation5XXErrors', variant],
    ['backlog-old', 3600, 'Maximum', 'AWS/SageMaker', 'ApproximateAgeOfOldestRequest', endpoint],
    ['backlog-large', 40, 'Maximum', 'AWS/SageMaker', 'ApproximateBacklogSize', endpoint],
    [
      'asynchronous-failures',
      0,
      'Sum',
      'Furrow',
      'AsynchronousFailures',
      { environment: 'dev', service: 'learned-yield' },
    ],
    ['requests-expired', 0, 'Sum', 'AWS/SageMaker', 'ExpiredRequests', variant],
    ['notification-failures', 0, 'Sum', 'AWS/SageMaker', 'NotificationFailures', variant],
    [
      'completion-dlq-not-empty',
      0,
      'Maximum',
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      { QueueName: 'dead-2' },
    ],
  ])('%s fires above %d (%s of %s %s)', (id, threshold, statistic, namespace, name, dimensions) => {
    const found = catalogue.find((declaration) => declaration.id === id);

    expect(found?.threshold).toBe(threshold);
    expect(found?.signal.statistic).toBe(statistic);
    expect(found?.signal.metrics).toEqual([{ namespace, name, dimensions }]);
  });

  it('are every kind that only this mode has, and look at nothing that it does not publish', () => {
    const kinds = catalogue.map(({ kind }) => kind);

    expect(kinds).toEqual(expect.arrayContaining([...ASYNCHRONOUS_ALARM_KINDS]));
    expect(kinds).not.toContain('endpoint-latency');
    expect(kinds).not.toContain('endpoint-4xx-errors');
    expect(kinds).toEqual(expect.arrayContaining([...ASYNCHRONOUS_ROLLBACK_ALARMS]));
  });

  it('count the updates of the table too', () => {
    const operations = catalogue
      .find(({ id }) => id === 'table-system-errors')
      ?.signal.metrics.map(({ dimensions }) => dimensions.Operation);

    expect(operations).toEqual(['BatchWriteItem', 'Query', 'GetItem', 'PutItem', 'UpdateItem']);
  });
});
