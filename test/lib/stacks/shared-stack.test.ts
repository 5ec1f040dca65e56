import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../lib/environment.ts';
import { DEV, PROD } from '../support/environments.ts';
import { computedModel, deploymentOf } from '../support/models.ts';
import { resourcesOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

describe('the shared stack', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), {
      ...PROD,
      alarmEmails: { page: ['on-call@example.com'], ticket: ['team@example.com', 'lead@example.com'] },
    });
  });

  it('has a topic for each severity, under the name that the models use', () => {
    expect(
      resourcesOf(stack.shared, 'AWS::SNS::Topic').map(({ Properties }) => Properties.TopicName),
    ).toEqual(['furrow-prod-page', 'furrow-prod-ticket']);
  });

  it('lets the alarms of its account publish, and nobody without TLS', () => {
    stack.shared.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
    stack.shared.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('sends mail to whom the environment names', () => {
    const subscriptions = resourcesOf(stack.shared, 'AWS::SNS::Subscription').map(
      ({ Properties }) => `${String(Properties.Protocol)} ${String(Properties.Endpoint)}`,
    );

    expect(subscriptions.sort()).toEqual([
      'email lead@example.com',
      'email on-call@example.com',
      'email team@example.com',
    ]);
  });

  it('warns where alarms of an environment that is protected reach nobody', async () => {
    const warnings = async (environment: Environment) => {
      const { sharedArtifact } = await synthesizeModel(
        computedModel,
        deploymentOf({ mode: 'lambda' }),
        environment,
      );
      return sharedArtifact.messages.map(({ entry }) => String(entry.data));
    };

    expect(await warnings({ ...PROD, alarmEmails: { page: [], ticket: ['team@example.com'] } })).toEqual([
      expect.stringContaining('Alarms of severity "page" in prod reach nobody. Add addresses to alarmEmails'),
    ]);
    expect(await warnings(DEV)).toEqual([]);
  });

  it('lets API Gateway write logs, and leaves that in place for the other environments of the account', () => {
    const [account] = resourcesOf(stack.shared, 'AWS::ApiGateway::Account');
    const [role] = resourcesOf(stack.shared, 'AWS::IAM::Role');

    expect(account).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': [role?.logicalId, 'Arn'] } },
    });
    expect(role?.DeletionPolicy).toBe('Retain');
  });
});
