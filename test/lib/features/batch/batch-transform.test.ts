import { beforeAll, describe, expect, it } from 'vitest';
import { CONTAINERS } from '../../../../bin/verify/combinations/parts.ts';
import { DEV, PROD } from '../../support/environments.ts';
import { artifactModel, BATCH, deploymentOf, REALTIME, SERVERLESS } from '../../support/models.ts';
import { actionsOf, flat, only, resourcesOf, type Statement, statementsOf } from '../../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../../support/stack.ts';

const MACHINE = 'AWS::StepFunctions::StateMachine';
const NAME = 'furrow-prod-learned-yield-batch';

interface Task {
  readonly Type: string;
  readonly Resource: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: parameters are whatever the service takes.
  readonly Parameters: any;
  readonly Retry: readonly { readonly ErrorEquals: readonly string[]; readonly JitterStrategy: string }[];
  readonly Catch: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
}

let dev: Synthesized;
let prod: Synthesized;
beforeAll(async () => {
  dev = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS, { batch: BATCH }), DEV);
  prod = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS, { batch: BATCH }), PROD);
});

function statesOf({ model }: Synthesized): Readonly<Record<string, Task>> {
  const { Definition } = only(model, MACHINE).Properties as { Definition: { States: Record<string, Task> } };
  return Definition.States;
}

const roleOf = ({ model }: Pick<Synthesized, 'model'>, prefix: string): string => {
  const role = resourcesOf(model, 'AWS::IAM::Role').find(({ logicalId }) => logicalId.startsWith(prefix));
  if (role === undefined) throw new Error(`there is no role ${prefix}`);
  return role.logicalId;
};

const allowed = (synthesized: Pick<Synthesized, 'model'>, prefix: string): readonly Statement[] =>
  statementsOf(synthesized.model, roleOf(synthesized, prefix));

/** What a role may do to what, one line for each pair. */
const grants = (statements: readonly Statement[]): readonly string[] =>
  statements
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((one) => `${action} ${flat(one)}`)),
    )
    .sort();

describe('the state machine of a batch', () => {
  it('prepares until it is done, transforms what there is, and finishes until that is done', () => {
    const states = statesOf(dev) as unknown as Record<string, Record<string, unknown>>;

    expect(states.Prepared).toEqual({
      Type: 'Choice',
      Choices: [
        { Variable: '$.error', IsPresent: true, Next: 'Explain' },
        { Variable: '$.prepared.done', BooleanEquals: false, Next: 'Prepare' },
        { Variable: '$.prepared.requests', NumericGreaterThan: 0, Next: 'Transform' },
      ],
      Default: 'Finish',
    });
    expect(states.Finished).toEqual({
      Type: 'Choice',
      Choices: [{ Variable: '$.finished.done', BooleanEquals: false, Next: 'Finish' }],
      Default: 'Done',
    });
    expect(states.Transform?.Next).toBe('Finish');
    expect(states.Done).toEqual({ Type: 'Pass', InputPath: '$.summary', End: true });
  });

  it('has each object that was prepared sent whole, as declared', () => {
    const { Transform } = statesOf(dev);

    expect(flat(Transform?.Resource)).toBe('arn:{AWS::Partition}:states:::sagemaker:createTransformJob.sync');
    expect(Transform?.TimeoutSeconds).toBe(6 * 3600);
    expect(Transform?.ResultPath).toBeNull();
    expect(Transform?.Parameters).toEqual({
      'TransformJobName.$': '$.job.name',
      ModelName: expect.anything(),
      BatchStrategy: 'SingleRecord',
      MaxPayloadInMB: 6,
      MaxConcurrentTransforms: 8,
      ModelClientConfig: { InvocationsTimeoutInSeconds: 120, InvocationsMaxRetries: 2 },
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', 'S3Uri.$': '$.job.requests' } },
        ContentType: 'application/json',
        SplitType: 'None',
      },
      TransformOutput: {
        'S3OutputPath.$': '$.job.answers',
        Accept: 'application/json',
        AssembleWith: 'None',
      },
      TransformResources: { InstanceType: 'ml.c6i.xlarge', InstanceCount: 2 },
    });
  });

  it('is the same in every partition of AWS', () => {
    const { Prepare, Finish, Explain } = statesOf(dev);

    for (const step of [Prepare, Finish, Explain]) {
      expect(flat(step?.Resource)).toBe('arn:{AWS::Partition}:states:::lambda:invoke');
    }
    expect(JSON.stringify(dev.model.toJSON())).not.toContain('arn:aws:');
  });

  it('uses the model of the endpoint where there is one, and a model of its own where there is none', async () => {
    const own = await synthesizeModel(artifactModel, deploymentOf({ mode: 'lambda' }, { batch: BATCH }), DEV);

    for (const synthesized of [dev, own]) {
      const { logicalId } = only(synthesized.model, 'AWS::SageMaker::Model');
      expect(flat(statesOf(synthesized).Transform?.Parameters.ModelName)).toBe(`{${logicalId}.ModelName}`);
    }
    expect(resourcesOf(own.model, 'AWS::SageMaker::Endpoint')).toEqual([]);
    const groups = resourcesOf(own.model, 'AWS::Logs::LogGroup').map(({ Properties }) =>
      flat(Properties.LogGroupName),
    );
    expect(groups.filter((name) => name.includes('/aws/sagemaker/Endpoints'))).toEqual([]);
  });

  it('tries steps again whatever failed, and a job only where SageMaker would not begin it', () => {
    const { Prepare, Transform, Finish, Explain } = statesOf(dev);

    for (const step of [Prepare, Finish, Explain]) {
      expect(step?.Retry).toMatchObject([
        { ErrorEquals: ['States.ALL'], BackoffRate: 2, JitterStrategy: 'FULL' },
      ]);
    }
    expect(Transform?.Retry).toMatchObject([{ BackoffRate: 2, JitterStrategy: 'FULL' }]);
    expect(Transform?.Retry[0]?.ErrorEquals).toContain('SageMaker.ResourceLimitExceededException');
    expect(Transform?.Retry[0]?.ErrorEquals.filter((error) => error.startsWith('States.'))).toEqual([]);
  });

  it('tells why it failed, whichever step did', () => {
    const { Prepare, Transform, Finish, Explain, ...others } = statesOf(dev);

    for (const step of [Prepare, Transform, Finish]) {
      expect(step?.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Explain' }]);
    }
    expect(Explain?.Catch[0]?.Next).toBe('FailedUnexplained');
    expect(others.Failed).toEqual({ Type: 'Fail', ErrorPath: '$.error', CausePath: '$.cause' });
    expect(others.FailedUnexplained).toEqual({
      Type: 'Fail',
      ErrorPath: '$.error.Error',
      CausePath: '$.error.Cause',
    });
  });

  it('logs errors without data, and traces', () => {
    const { Properties } = only(dev.model, MACHINE);

    expect(Properties).toMatchObject({
      StateMachineName: 'furrow-dev-learned-yield-batch',
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
    expect(Properties.EncryptionConfiguration).toBeUndefined();
  });
});

describe('what each part of a batch may do', () => {
  it('is, for the first step, reading what comes in and writing what lies in between', () => {
    const s3 = grants(allowed(dev, 'BatchbatchprepareRole')).filter((grant) => grant.startsWith('s3:'));

    expect(s3.map((grant) => grant.replace(/\{\w+\.Arn\}/, 'bucket'))).toEqual([
      's3:GetObject bucket/incoming/*',
      's3:ListBucket bucket',
      's3:PutObject bucket/work/*',
    ]);
  });

  it('is, for the last step, reading what lies in between and writing results', () => {
    const s3 = grants(allowed(dev, 'BatchbatchfinishRole')).filter((grant) => grant.startsWith('s3:'));

    expect(s3.map((grant) => grant.replace(/\{\w+\.Arn\}/, 'bucket'))).toEqual([
      's3:GetObject bucket/work/*',
      's3:ListBucket bucket',
      's3:PutObject bucket/results/*',
    ]);
  });

  it("is, for the state machine, calling its functions and running jobs of its own name with its model's role", () => {
    const role = roleOf(dev, 'BatchRole');
    const statements = statementsOf(dev.model, role);
    const account = 'arn:{AWS::Partition}:';
    const place = '{AWS::Region}:{AWS::AccountId}';
    const jobs = `${account}sagemaker:${place}:transform-job/furrow-dev-learned-yield-batch-*`;

    const named = grants(statements).filter((grant) => !grant.endsWith(' *'));
    expect(named.filter((grant) => grant.startsWith('sagemaker:'))).toEqual(
      ['AddTags', 'CreateTransformJob', 'DescribeTransformJob', 'ListTags', 'StopTransformJob'].map(
        (action) => `sagemaker:${action} ${jobs}`,
      ),
    );
    expect(named.filter((grant) => grant.startsWith('events:'))).toEqual(
      ['DescribeRule', 'PutRule', 'PutTargets'].map(
        (action) =>
          `events:${action} ${account}events:${place}:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule`,
      ),
    );
    expect(named.filter((grant) => grant.startsWith('lambda:'))).toHaveLength(2);
    const pass = statements.find(({ Sid }) => Sid === 'HandOverModelRole');
    expect(flat(pass?.Resource)).toBe(`{${roleOf(dev, 'EndpointModelRole')}.Arn}`);
    expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  });

  it("is, for the model's role, exchanging what lies in between and writing logs of these jobs", () => {
    const own = allowed(dev, 'EndpointModelRole').filter(({ Sid }) => /Batch|Job/.test(Sid ?? ''));

    expect(grants(own).map((grant) => grant.replace(/\{\w+\.Arn\}/, 'bucket'))).toEqual(
      expect.arrayContaining([
        's3:GetObject bucket/work/*',
        's3:PutObject bucket/work/*',
        's3:ListBucket bucket',
        'logs:PutLogEvents arn:{AWS::Partition}:logs:{AWS::Region}:{AWS::AccountId}:log-group:/aws/sagemaker/TransformJobs:log-stream:furrow-dev-learned-yield-batch-*',
      ]),
    );
    const metrics = own.find(({ Action }) => Action === 'cloudwatch:PutMetricData');
    expect(metrics?.Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TransformJobs' },
    });
  });
});

describe('a batch where keys are our own', () => {
  it("has the executions, the job's answers and its storage encrypted with the key of the stack", () => {
    const key = `{${only(prod.model, 'AWS::KMS::Key').logicalId}.Arn}`;
    const { Properties } = only(prod.model, MACHINE);
    const { TransformOutput, TransformResources } = statesOf(prod).Transform?.Parameters ?? {};

    expect(Properties.EncryptionConfiguration).toMatchObject({ Type: 'CUSTOMER_MANAGED_KMS_KEY' });
    expect(flat((Properties.EncryptionConfiguration as { KmsKeyId: unknown }).KmsKeyId)).toBe(key);
    expect(flat(TransformOutput.KmsKeyId)).toBe(key);
    expect(flat(TransformResources.VolumeKmsKeyId)).toBe(key);
  });

  it('lets SageMaker pass it on for storage, by the state machine and by a model of its own', async () => {
    const own = await synthesizeModel(
      artifactModel,
      deploymentOf({ mode: 'lambda' }, { batch: BATCH }),
      PROD,
    );

    for (const prefix of ['BatchRole', 'BatchModelRole']) {
      const grants = allowed(own, prefix).filter(({ Action }) => [Action].flat().includes('kms:CreateGrant'));

      expect(grants).toMatchObject([{ Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }]);
    }
  });

  it('leaves storage to SageMaker on instances that bring their own', async () => {
    const batch = { ...BATCH, instanceType: 'ml.g5.xlarge' };
    const hosting = {
      ...REALTIME,
      instanceType: 'ml.g5.xlarge',
      container: CONTAINERS['pytorch for GPUs'],
    } as const;
    const { model } = await synthesizeModel(artifactModel, deploymentOf(hosting, { batch }), PROD);
    const machine = only(model, MACHINE).Properties as { Definition: { States: Record<string, Task> } };

    expect(machine.Definition.States.Transform?.Parameters.TransformResources).toEqual({
      InstanceType: 'ml.g5.xlarge',
      InstanceCount: 2,
    });
    expect(actionsOf(allowed({ model }, 'BatchRole'))).not.toContain('kms:CreateGrant');
  });

  it('lets the state machine use it for its executions alone, and the delivery of logs for those', () => {
    const statements = allowed(prod, 'BatchRole').filter((one) => flat(one.Resource).includes('DataKey'));

    expect(actionsOf(statements)).toEqual([
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
    ]);
    const executions = statements.find(({ Sid }) => Sid === 'EncryptExecutions');
    expect(JSON.stringify(executions?.Condition)).toContain(`:stateMachine:${NAME}`);
    const { KeyPolicy } = only(prod.model, 'AWS::KMS::Key').Properties as {
      KeyPolicy: { Statement: readonly Statement[] };
    };
    expect(KeyPolicy.Statement.find(({ Sid }) => Sid === 'LogDelivery')).toMatchObject({
      Action: 'kms:Decrypt',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
    });
    const logs = KeyPolicy.Statement.find(({ Sid }) => Sid === 'Logs');
    expect(JSON.stringify(logs?.Condition)).toContain(`log-group:/aws/vendedlogs/states/${NAME}*`);
  });
});

describe('the files of batches', () => {
  it('lie in a bucket of their own that empties itself, and stays behind', () => {
    const bucket = only(dev.model, 'AWS::S3::Bucket');
    const rules = (bucket.Properties.LifecycleConfiguration as { Rules: object[] }).Rules;

    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(rules).toMatchObject([
      { Prefix: 'incoming/', ExpirationInDays: 10, Status: 'Enabled' },
      { Prefix: 'results/', ExpirationInDays: 10, Status: 'Enabled' },
      { Prefix: 'work/', ExpirationInDays: 14, Status: 'Enabled' },
    ]);
  });

  it('are found by the outputs, as is what starts a batch', () => {
    const outputs = dev.model.toJSON().Outputs as Record<string, { Value: unknown }>;

    expect(flat(outputs.BatchBucketName?.Value)).toBe(`{${only(dev.model, 'AWS::S3::Bucket').logicalId}}`);
    expect(flat(outputs.BatchStateMachineArn?.Value)).toBe(
      'arn:{AWS::Partition}:states:{AWS::Region}:{AWS::AccountId}:stateMachine:furrow-dev-learned-yield-batch',
    );
  });
});

describe('a model without batches', () => {
  it('has nothing of them', async () => {
    const { model } = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), DEV);

    model.resourceCountIs(MACHINE, 0);
    model.resourceCountIs('AWS::S3::Bucket', 0);
    expect(Object.keys(model.toJSON().Resources).filter((id) => id.startsWith('Batch'))).toEqual([]);
    expect(Object.keys(model.toJSON().Outputs).filter((id) => id.startsWith('Batch'))).toEqual([]);
  });
});
