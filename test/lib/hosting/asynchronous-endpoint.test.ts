import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../../lib/features/functions.ts';
import { PROD } from '../support/environments.ts';
import { ASYNCHRONOUS, artifactModel, deploymentOf } from '../support/models.ts';
import {
  actionsOf,
  flat,
  functionNamed,
  only,
  resourcesOf,
  roleOf,
  statementsOf,
} from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const NAME = 'furrow-prod-learned-yield-asynchronous-c6i-large';
let stack: Synthesized;

beforeAll(async () => {
  stack = await synthesizeModel(artifactModel, deploymentOf(ASYNCHRONOUS), PROD);
});

const statements = (roleId: string) =>
  new Map(statementsOf(stack.model, roleId).map((statement) => [statement.Sid, statement]));

function executionRole(): string {
  const role = resourcesOf(stack.model, 'AWS::IAM::Role').find(({ Properties }) =>
    JSON.stringify(Properties.AssumeRolePolicyDocument).includes('sagemaker.amazonaws.com'),
  );
  if (role === undefined) throw new Error('the template has no execution role');
  return role.logicalId;
}

/** The resources that a function's role may do an action to. */
function targetsOf(name: string, action: string): readonly string[] {
  return statementsOf(stack.model, roleOf(functionNamed(stack.model, name)))
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => [Resource].flat().map(flat));
}

const arnOf = (type: string, idPart = ''): string => {
  const [found, ...others] = resourcesOf(stack.model, type).filter(({ logicalId }) =>
    logicalId.includes(idPart),
  );
  if (found === undefined || others.length > 0) throw new Error(`not one ${type} with ${idPart}`);
  return found.logicalId;
};

describe('an asynchronous endpoint', () => {
  it('has a queue whose answers, failures and notifications have a place of their own', () => {
    const bucket = arnOf('AWS::S3::Bucket');
    const { Properties } = only(stack.model, 'AWS::SageMaker::EndpointConfig');
    const { OutputConfig, ClientConfig } = Properties.AsyncInferenceConfig as {
      OutputConfig: {
        S3OutputPath: unknown;
        S3FailurePath: unknown;
        NotificationConfig: { SuccessTopic: unknown; ErrorTopic: unknown };
      };
      ClientConfig: unknown;
    };

    expect(flat(OutputConfig.S3OutputPath)).toBe(`s3://{${bucket}}/outputs/champion`);
    expect(flat(OutputConfig.S3FailurePath)).toBe(`s3://{${bucket}}/failures/champion`);
    expect(OutputConfig.NotificationConfig).toEqual({
      SuccessTopic: { Ref: arnOf('AWS::SNS::Topic', 'Successes') },
      ErrorTopic: { Ref: arnOf('AWS::SNS::Topic', 'Errors') },
    });
    expect(ClientConfig).toEqual({ MaxConcurrentInvocationsPerInstance: 2 });
  });

  it('is created with one instance although it may go to zero', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [
        { InstanceType: 'ml.c6i.large', InitialInstanceCount: 1, VariantName: 'champion' },
      ],
    });
    stack.model.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: `endpoint/${NAME}/variant/champion`,
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      MinCapacity: 0,
      MaxCapacity: 4,
    });
  });

  it('scales on the backlog by instance, which has the dimension of the endpoint only', () => {
    stack.model.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        CustomizedMetricSpecification: {
          Namespace: 'AWS/SageMaker',
          MetricName: 'ApproximateBacklogSizePerInstance',
          Dimensions: [{ Name: 'EndpointName', Value: NAME }],
          Statistic: 'Average',
        },
        PredefinedMetricSpecification: Match.absent(),
        TargetValue: 5,
        ScaleOutCooldown: 60,
        // As long as one request may take.
        ScaleInCooldown: 1200,
      },
    });
  });

  it('is woken from zero by a step that an alarm takes', () => {
    const [policy] = resourcesOf(stack.model, 'AWS::ApplicationAutoScaling::ScalingPolicy').filter(
      ({ Properties }) => Properties.PolicyType === 'StepScaling',
    );

    expect(policy?.Properties.StepScalingPolicyConfiguration).toMatchObject({
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    stack.model.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'furrow-prod-learned-yield-wake-from-zero',
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: NAME }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: policy?.logicalId }],
    });
  });

  it('is not woken where it never goes to zero', async () => {
    const { model } = await synthesizeModel(
      artifactModel,
      deploymentOf({ ...ASYNCHRONOUS, instances: { min: 2, max: 4 } }),
      PROD,
    );

    model.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 1);
    model.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ InitialInstanceCount: 2 }],
    });
  });

  it('is rolled back on its failing requests', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      RetainAllVariantProperties: true,
      DeploymentConfig: {
        AutoRollbackConfiguration: {
          Alarms: [
            { AlarmName: 'furrow-prod-learned-yield-endpoint-5xx-errors' },
            { AlarmName: 'furrow-prod-learned-yield-asynchronous-failures' },
          ],
        },
      },
    });
  });
});

describe('the role of an asynchronous endpoint', () => {
  it('reads requests, writes answers and failures, and publishes to its two topics', () => {
    const bucket = `{${arnOf('AWS::S3::Bucket')}.Arn}`;
    const byId = statements(executionRole());
    const resources = (sid: string) => [byId.get(sid)?.Resource].flat().map(flat);

    expect(byId.get('ReadRequests')?.Action).toBe('s3:GetObject');
    expect(resources('ReadRequests')).toEqual([`${bucket}/inputs/*`]);
    expect(byId.get('WriteAnswers')?.Action).toEqual(['s3:PutObject', 's3:AbortMultipartUpload']);
    expect(resources('WriteAnswers')).toEqual([
      `${bucket}/outputs/champion/*`,
      `${bucket}/failures/champion/*`,
    ]);
    expect(resources('TellMissingFromDenied')).toEqual([bucket]);
    expect(byId.get('TellOutcomes')?.Action).toBe('sns:Publish');
    expect(resources('TellOutcomes')).toEqual([
      `{${arnOf('AWS::SNS::Topic', 'Successes')}}`,
      `{${arnOf('AWS::SNS::Topic', 'Errors')}}`,
    ]);
  });
});

describe('the bucket of an asynchronous endpoint', () => {
  it('is encrypted, closed, reachable over TLS only, and empty again after some days', () => {
    stack.model.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 3, Status: 'Enabled' })] },
      },
    });
    stack.model.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      }),
    });
  });
});

describe('the functions of an asynchronous model', () => {
  it('put requests and keep predictions, without asking the endpoint for an answer', () => {
    const bucket = `{${arnOf('AWS::S3::Bucket')}.Arn}`;
    expect(targetsOf('predict', 's3:PutObject')).toEqual([`${bucket}/inputs/*`, `${bucket}/requests/*`]);
    expect(targetsOf('predict', 'sagemaker:InvokeEndpointAsync').join()).toMatch(
      new RegExp(`:endpoint/${NAME}$`),
    );
    expect(targetsOf('predict', 'sagemaker:InvokeEndpoint')).toEqual([]);
    expect(targetsOf('predict', 'sqs:SendMessage')).toEqual([]);
    expect(targetsOf('health', 'dynamodb:GetItem')).toHaveLength(1);
    expect(targetsOf('health', 'sagemaker:InvokeEndpoint')).toEqual([]);
  });

  it('complete predictions from a queue behind both topics', () => {
    const bucket = `{${arnOf('AWS::S3::Bucket')}.Arn}`;
    expect(targetsOf('complete', 's3:GetObject')).toEqual(
      ['requests', 'outputs', 'failures'].map((folder) => `${bucket}/${folder}/*`),
    );
    expect(targetsOf('complete', 'dynamodb:UpdateItem')).toHaveLength(1);
    expect(
      actionsOf(statementsOf(stack.model, roleOf(functionNamed(stack.model, 'complete')))).filter((action) =>
        action.startsWith('dynamodb:'),
      ),
    ).toEqual(['dynamodb:UpdateItem']);
    const subscriptions = resourcesOf(stack.model, 'AWS::SNS::Subscription').map(
      ({ Properties }) => Properties,
    );
    expect(subscriptions).toHaveLength(2);
    for (const { Protocol, RawMessageDelivery } of subscriptions)
      expect({ Protocol, RawMessageDelivery }).toEqual({ Protocol: 'sqs', RawMessageDelivery: true });
    stack.model.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [arnOf('AWS::SQS::Queue', 'NotificationsQueue'), 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('delete what verifications ask, in the folder that these have to themselves, and nothing else', () => {
    const bucket = `{${arnOf('AWS::S3::Bucket')}.Arn}`;
    const deleting = FUNCTION_NAMES.filter((name) => targetsOf(name, 's3:DeleteObject').length > 0);

    expect(targetsOf('complete', 's3:DeleteObject')).toEqual([`${bucket}/inputs/verification/*`]);
    expect(targetsOf('complete', 's3:ListBucket')).toEqual([bucket]);
    expect(deleting).toEqual([]);
  });

  it('are told how long a request may take and wait', () => {
    const { Variables } = functionNamed(stack.model, 'predict').Properties.Environment as {
      Variables: Record<string, unknown>;
    };
    expect(Variables).toMatchObject({ INVOCATION_TIMEOUT_SECONDS: '1200', MAX_WAIT_SECONDS: '7200' });
    expect(Variables.CAPTURE_QUEUE_URL).toBeUndefined();
  });
});
