import { describe, expect, it } from 'vitest';
import { defineDeployment } from '../../../../contract/deployment/deployment.ts';
import { alarmCatalogue } from '../../../../lib/alarms/catalogue/alarm-catalogue.ts';
import { ASYNCHRONOUS_ALARM_KINDS } from '../../../../lib/alarms/catalogue/alarm-declaration.ts';
import { asynchronousRollbackAlarms } from '../../../../lib/alarms/catalogue/asynchronous-alarms.ts';
import { ASYNCHRONOUS } from '../../support/models.ts';

const { hosting } = defineDeployment({ hosting: ASYNCHRONOUS, objectives: { latencyP95Ms: 800 } });
if (hosting.mode !== 'asynchronous') throw new Error('the fixture is not asynchronous');

const asynchronous = (answers: boolean) => ({ hosting, answers });
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
    asynchronous: { ...asynchronous(true), deadLetterQueueName: 'dead-2' },
  },
  variantEndpoints: [
    { endpointName: 'e-ridge', variantName: 'ridge', asynchronous: asynchronous(true) },
    { endpointName: 'e-forest', variantName: 'forest', asynchronous: asynchronous(false) },
  ],
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
      { environment: 'dev', service: 'learned-yield', variant: 'champion' },
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
  });

  it('are there for a challenger as for the champion, but for the queue that all share', () => {
    const own = catalogue.filter(({ id }) => id.endsWith('-ridge'));

    expect(own.map(({ id, severity }) => [id, severity])).toEqual([
      ['endpoint-5xx-errors-ridge', 'ticket'],
      ['backlog-old-ridge', 'ticket'],
      ['backlog-large-ridge', 'ticket'],
      ['asynchronous-failures-ridge', 'ticket'],
      ['requests-expired-ridge', 'page'],
      ['notification-failures-ridge', 'page'],
    ]);
    for (const { title } of own) expect(title).toContain('(variant ridge)');
    const failures = own.find(({ kind }) => kind === 'asynchronous-failures')?.signal;
    const dimensions = { environment: 'dev', service: 'learned-yield', variant: 'ridge' };
    expect(failures?.metrics).toEqual([{ namespace: 'Furrow', name: 'AsynchronousFailures', dimensions }]);
    expect(failures?.datadog).toHaveProperty('tags', dimensions);
  });

  it('wake nobody for a shadow, whose failing predictions are counted and no more', () => {
    const own = catalogue.filter(({ id }) => id.endsWith('-forest'));

    expect(own.map(({ id, severity }) => [id, severity])).toEqual([
      ['endpoint-5xx-errors-forest', 'ticket'],
      ['backlog-old-forest', 'ticket'],
      ['backlog-large-forest', 'ticket'],
      ['requests-expired-forest', 'ticket'],
      ['notification-failures-forest', 'ticket'],
    ]);
    expect(own.find(({ kind }) => kind === 'backlog-old')?.signal.metrics).toMatchObject([
      { dimensions: { EndpointName: 'e-forest' } },
    ]);
  });

  it('give up the deployment of their own variant, and of no other', () => {
    const ids = catalogue.map(({ id }) => id);
    const rollback = [
      ...asynchronousRollbackAlarms('champion', { answers: true }),
      ...asynchronousRollbackAlarms('ridge', { answers: true }),
      ...asynchronousRollbackAlarms('forest', { answers: false }),
    ];

    expect(rollback).toEqual([
      'endpoint-5xx-errors',
      'asynchronous-failures',
      'endpoint-5xx-errors-ridge',
      'asynchronous-failures-ridge',
      'endpoint-5xx-errors-forest',
    ]);
    expect(ids).toEqual(expect.arrayContaining(rollback));
  });

  it('have an id of their own each', () => {
    const ids = catalogue.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('count the updates of the table too', () => {
    const operations = catalogue
      .find(({ id }) => id === 'table-system-errors')
      ?.signal.metrics.map(({ dimensions }) => dimensions.Operation);

    expect(operations).toEqual(['BatchWriteItem', 'Query', 'GetItem', 'PutItem', 'UpdateItem']);
  });
});
