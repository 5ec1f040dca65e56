import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_SPECS } from '../../../lib/features/functions.ts';
import { DEV, PROD } from '../support/environments.ts';
import { computedModel, deploymentOf } from '../support/models.ts';
import { only, resourcesOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

describe('what keeps predictions', () => {
  let dev: Synthesized;
  let prod: Synthesized;
  beforeAll(async () => {
    dev = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);
    prod = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), PROD);
  });

  it('is a table that is billed by request, encrypted, recoverable, and that drops what has expired', () => {
    dev.model.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'predictionId', KeyType: 'HASH' },
        { AttributeName: 'record', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('is protected from deletion in prod', () => {
    expect(only(prod.model, 'AWS::DynamoDB::Table')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
    expect(only(dev.model, 'AWS::DynamoDB::Table').DeletionPolicy).toBe('Delete');
  });

  it('has a queue that keeps what the table did not take for as long as SQS can', () => {
    expect(waitingQueue(dev)).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * FUNCTION_SPECS.drain.timeoutSeconds,
    });
  });

  it('gives a message up only after a day of trying', () => {
    const waiting = waitingQueue(dev);
    const { maxReceiveCount } = waiting.RedrivePolicy as { readonly maxReceiveCount: number };

    expect(maxReceiveCount * Number(waiting.VisibilityTimeout)).toBeGreaterThanOrEqual(24 * 3600);
  });

  it('has queues that refuse connections without TLS', () => {
    dev.model.resourceCountIs('AWS::SQS::QueuePolicy', 2);
    dev.model.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
  });

  it('drains the queue a few messages at a time, and retries only those that failed', () => {
    dev.model.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});

/** The queue that has a dead-letter queue. */
function waitingQueue({ model }: Synthesized): Record<string, unknown> {
  const queues = resourcesOf(model, 'AWS::SQS::Queue').map(({ Properties }) => Properties);
  return queues.find(({ RedrivePolicy }) => RedrivePolicy !== undefined) ?? {};
}
