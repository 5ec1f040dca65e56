import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { MATRIX } from '../support/matrix.ts';
import { flat, resourcesOf, type Statement, statementsOf } from '../support/resources.ts';

/** Actions that AWS defines without a resource: a policy can only say `*`. */
const WITHOUT_RESOURCE = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'ecr:GetAuthorizationToken',
  'cloudwatch:PutMetricData',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
]);

/** Network interfaces, which have no ids before they exist: Lambda tries what it may do on the whole account. */
const INTERFACES = 'arn:{AWS::Partition}:ec2:eu-west-1:{AWS::AccountId}:*/*';
const OF_INTERFACES = /^ec2:\w+(NetworkInterface|NetworkInterfacePermission|PrivateIpAddresses)$/;

/** The objects of one folder, or of a variant's in it, of one bucket of the stack: their names come with the requests. */
const OBJECTS = /^\{\w*Bucket\w*\.Arn\}\/[a-z]+(\/[a-z][a-z0-9-]*)?\/\*$/;

/** Transform jobs of one model, and the streams of their logs: an execution makes up the end of their names. */
const JOBS = /:(transform-job\/|log-stream:)furrow-[a-z]+-learned-yield-batch-\*$/;

/** The one managed policy: API Gateway accepts no role for its logs without it. */
const MANAGED_POLICIES = ['service-role/AmazonAPIGatewayPushToCloudWatchLogs'];

/** Where a resource has a policy of its own, and what holds the document. */
const RESOURCE_POLICIES = [
  ['AWS::SQS::QueuePolicy', 'PolicyDocument'],
  ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
  ['AWS::S3::BucketPolicy', 'PolicyDocument'],
  ['AWS::KMS::Key', 'KeyPolicy'],
] as const;

describe.each(MATRIX)('the policies of $name', ({ synthesize }) => {
  let all: readonly Template[];
  beforeAll(async () => {
    const { model, shared, network } = await synthesize();
    all = [model, shared, ...(network === undefined ? [] : [network])];
  });

  it('have no wildcard where AWS knows a resource', () => {
    const roles = all.flatMap((template) =>
      resourcesOf(template, 'AWS::IAM::Role').map(({ logicalId }) => statementsOf(template, logicalId)),
    );

    expect(roles.length).toBeGreaterThan(6);
    expect(roles.flat().flatMap(wildcards)).toEqual([]);
  });

  it('belong to a role each: none hangs on a user, a group or nothing', () => {
    for (const template of all) {
      template.resourceCountIs('AWS::IAM::User', 0);
      template.resourceCountIs('AWS::IAM::Group', 0);
      template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
      for (const { Properties } of resourcesOf(template, 'AWS::IAM::Policy')) {
        expect(Properties.Roles).toHaveLength(1);
      }
    }
  });

  it('are assumed by one service each', () => {
    const trusted = all.flatMap((template) =>
      resourcesOf(template, 'AWS::IAM::Role').map(({ Properties }) => Properties.AssumeRolePolicyDocument),
    );

    for (const document of trusted) {
      expect(document).toEqual({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: {
              Service: expect.stringMatching(
                /^(lambda|sagemaker|apigateway|codedeploy|states|vpc-flow-logs)\.amazonaws\.com$/,
              ),
            },
          },
        ],
      });
    }
  });

  it('have no managed policy but the one that API Gateway demands', () => {
    const managed = all.flatMap((template) =>
      resourcesOf(template, 'AWS::IAM::Role').flatMap(
        ({ Properties }) => (Properties.ManagedPolicyArns ?? []) as unknown[],
      ),
    );

    expect(
      managed.map((arn) => MANAGED_POLICIES.find((policy) => JSON.stringify(arn).includes(policy))),
    ).toEqual(MANAGED_POLICIES);
  });

  it('let nobody in by a resource policy that names everybody', () => {
    const allowed = all
      .flatMap((template) =>
        RESOURCE_POLICIES.flatMap(([type, property]) =>
          resourcesOf(template, type).map(({ Properties }) => Properties[property]),
        ),
      )
      .flatMap((document) => (document as { readonly Statement: readonly Statement[] }).Statement)
      .filter(({ Effect }) => Effect === 'Allow');

    expect(allowed.length).toBeGreaterThanOrEqual(2);
    expect(allowed.filter(({ Principal }) => flat(Principal).includes('*'))).toEqual([]);
  });
});

function wildcards(statement: Statement): readonly string[] {
  // What is denied can't be too much.
  if (statement.Effect === 'Deny') return [];
  const actions = [statement.Action].flat();
  const resources = [statement.Resource].flat().map(flat);
  return [
    ...actions.filter((action) => action.includes('*')),
    ...resources.filter((resource) => resource !== '*' && resource.includes('*') && !isKnown(resource)),
    ...(resources.includes(INTERFACES) ? actions.filter((action) => !OF_INTERFACES.test(action)) : []),
    ...(resources.includes('*') ? actions.filter((action) => !WITHOUT_RESOURCE.has(action)) : []),
  ];
}

function isKnown(resource: string): boolean {
  return resource === INTERFACES || OBJECTS.test(resource) || JOBS.test(resource);
}
