import { beforeAll, describe, expect, it } from 'vitest';
import { DEV, PROD } from '../support/environments.ts';
import { MATRIX } from '../support/matrix.ts';
import { artifactModel, deploymentOf, REALTIME } from '../support/models.ts';
import {
  flat,
  functionNamed,
  only,
  resourcesOf,
  roleOf,
  type Statement,
  statementsOf,
} from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

/** What holds data at rest, and the property that names its key. */
const ENCRYPTED = [
  ['AWS::DynamoDB::Table', (properties) => sse(properties).KMSMasterKeyId],
  ['AWS::Logs::LogGroup', (properties) => properties.KmsKeyId],
  ['AWS::SQS::Queue', (properties) => properties.KmsMasterKeyId],
  ['AWS::SNS::Topic', (properties) => properties.KmsMasterKeyId],
  ['AWS::S3::Bucket', keyOfBucket],
] as const satisfies readonly (readonly [string, (properties: Record<string, unknown>) => unknown])[];

describe.each(MATRIX)('the data of $name', ({ environment, synthesize }) => {
  const managed = environment.encryption.key === 'customer-managed';

  it(`are encrypted with ${managed ? "the stack's own key" : 'keys of AWS'}`, async () => {
    const { model, shared, network } = await synthesize();

    for (const { template, atLeast } of [
      { template: model, atLeast: 2 },
      { template: shared, atLeast: 2 },
      ...(network === undefined ? [] : [{ template: network, atLeast: 1 }]),
    ]) {
      const keys = resourcesOf(template, 'AWS::KMS::Key').map(({ logicalId }) => `{${logicalId}.Arn}`);
      expect(keys).toHaveLength(managed ? 1 : 0);
      const used = ENCRYPTED.flatMap(([type, keyOf]) =>
        resourcesOf(template, type).map(({ Properties }) => keyOf(Properties)),
      );
      expect(used.length).toBeGreaterThanOrEqual(atLeast);
      expect(new Set(used.map((key) => (key === undefined ? undefined : flat(key))))).toEqual(
        new Set(managed ? keys : [undefined]),
      );
    }
  });
});

describe("a stack's own key", () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(artifactModel, deploymentOf(REALTIME), PROD);
  });

  it('is rotated, and outlives the stack together with what it encrypts', () => {
    expect(only(stack.model, 'AWS::KMS::Key')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true },
    });
  });

  it('is rotated, and goes with the shared stack, of whose data nothing is kept', () => {
    expect(only(stack.shared, 'AWS::KMS::Key')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { EnableKeyRotation: true },
    });
  });

  it('goes with the stack where the data do', async () => {
    const dev = { ...DEV, encryption: { key: 'customer-managed' } } as const;
    const { model } = await synthesizeModel(artifactModel, deploymentOf(REALTIME), dev);

    expect(only(model, 'AWS::KMS::Key').DeletionPolicy).toBe('Delete');
  });

  it('is for the account to administer, and for the log groups of the stack', () => {
    const { Statement: statements } = only(stack.model, 'AWS::KMS::Key').Properties.KeyPolicy as {
      readonly Statement: readonly Statement[];
    };
    const [logs] = statements.slice(1);
    const principals = statements.map(({ Principal }) => Object.values(Principal as object).map(flat));
    const conditions = statements.map(({ Condition }) => Condition) as readonly {
      readonly ArnLike: Record<string, readonly unknown[]>;
    }[];

    expect(principals).toEqual([
      ['arn:{AWS::Partition}:iam::{AWS::AccountId}:root'],
      ['logs.{AWS::Region}.amazonaws.com'],
    ]);
    expect(statements[0]?.Action).toBe('kms:*');
    expect(logs?.Action).not.toContain('kms:CreateGrant');
    expect(conditions[1]?.ArnLike['kms:EncryptionContext:aws:logs:arn']?.map(flat)).toEqual([
      'arn:{AWS::Partition}:logs:{AWS::Region}:{AWS::AccountId}:log-group:furrow-prod-learned-yield-*',
      'arn:{AWS::Partition}:logs:{AWS::Region}:{AWS::AccountId}:log-group:/aws/sagemaker/Endpoints/furrow-prod-learned-yield-*',
    ]);
  });

  it('lets the alarms of the account publish, in the shared stack', () => {
    const { Statement: statements } = only(stack.shared, 'AWS::KMS::Key').Properties.KeyPolicy as {
      readonly Statement: readonly Statement[];
    };

    expect(statements.slice(1)).toEqual([
      {
        Sid: 'Alarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  it.each([
    ['predict', ['dynamodb', 'sqs']],
    ['get-prediction', ['dynamodb']],
    ['feedback', ['dynamodb']],
    ['health', []],
    ['describe', []],
    ['drain', ['dynamodb', 'sqs']],
  ])('is used by %s through %j and in no other way', (name, services) => {
    const statements = statementsOf(stack.model, roleOf(functionNamed(stack.model, name))).filter(
      ({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')),
    );
    const via = statements.map(({ Condition }) =>
      flat((Condition as { readonly StringEquals: Record<string, unknown> }).StringEquals['kms:ViaService']),
    );

    expect(via.sort()).toEqual(services.map((service) => `${service}.{AWS::Region}.amazonaws.com`));
  });
});

describe("the storage of an endpoint's instances", () => {
  const configOf = async (instanceType: string) => {
    const hosting = { ...REALTIME, instanceType };
    const { model } = await synthesizeModel(artifactModel, deploymentOf(hosting), PROD);
    const role = resourcesOf(model, 'AWS::IAM::Role').find(({ logicalId }) =>
      logicalId.startsWith('EndpointModelRole'),
    );
    return {
      key: only(model, 'AWS::KMS::Key'),
      config: only(model, 'AWS::SageMaker::EndpointConfig').Properties,
      sids: statementsOf(model, role?.logicalId ?? '').map(({ Sid }) => Sid),
    };
  };

  it("is encrypted with the stack's key, which SageMaker may then pass on to its services", async () => {
    const { key, config, sids } = await configOf('ml.c6i.large');

    expect(flat(config.KmsKeyId)).toBe(`{${key.logicalId}.Arn}`);
    expect(sids).toContain('EncryptStorage');
  });

  it.each(['ml.m6id.large', 'ml.g5.xlarge', 'ml.g4dn.xlarge'])(
    'names no key for %s, whose disks SageMaker encrypts in hardware',
    async (instanceType) => {
      const { config, sids } = await configOf(instanceType);

      expect(config).not.toHaveProperty('KmsKeyId');
      expect(sids).not.toContain('EncryptStorage');
    },
  );
});

/** The key of a bucket's default encryption, which every bucket has to have. */
function keyOfBucket({ BucketEncryption }: Record<string, unknown>): unknown {
  const { ServerSideEncryptionConfiguration: rules } = BucketEncryption as {
    readonly ServerSideEncryptionConfiguration: readonly {
      readonly ServerSideEncryptionByDefault: { readonly KMSMasterKeyID?: unknown };
    }[];
  };
  return rules[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID;
}

function sse(properties: Record<string, unknown>): { readonly KMSMasterKeyId?: unknown } {
  return properties.SSESpecification as { readonly KMSMasterKeyId?: unknown };
}
