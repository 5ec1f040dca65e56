import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DEV, PROD, WITH_DATADOG } from '../support/environments.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';
import { resourcesOf, type Statement, statementsOf } from '../support/resources.ts';
import { synthesizeModel } from '../support/stack.ts';

/** Actions that AWS defines without a resource: a policy can only say `*`. */
const WITHOUT_RESOURCE = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'ecr:GetAuthorizationToken',
  'cloudwatch:PutMetricData',
]);

/** The one managed policy: API Gateway accepts no role for its logs without it. */
const MANAGED_POLICIES = ['service-role/AmazonAPIGatewayPushToCloudWatchLogs'];

const cases = [
  { name: 'lambda in dev', model: computedModel, hosting: { mode: 'lambda' } as const, environment: DEV },
  { name: 'serverless in dev', model: artifactModel, hosting: SERVERLESS, environment: DEV },
  { name: 'realtime in prod', model: artifactModel, hosting: REALTIME, environment: PROD },
  { name: 'asynchronous in prod', model: artifactModel, hosting: ASYNCHRONOUS, environment: PROD },
  { name: 'serverless with Datadog', model: artifactModel, hosting: SERVERLESS, environment: WITH_DATADOG },
];

describe.each(cases)('the roles of $name', ({ model, hosting, environment }) => {
  it('have no wildcard where AWS knows a resource', async () => {
    const { model: stack, shared } = await synthesizeModel(model, deploymentOf(hosting), environment);

    const statements = [...everyStatement(stack), ...everyStatement(shared)];

    expect(statements.length).toBeGreaterThan(6);
    expect(statements.flatMap(wildcards)).toEqual([]);
  });

  it('have no managed policy but the one that API Gateway demands', async () => {
    const { model: stack, shared } = await synthesizeModel(model, deploymentOf(hosting), environment);

    const managed = [stack, shared].flatMap((template) =>
      resourcesOf(template, 'AWS::IAM::Role').flatMap(
        ({ Properties }) => (Properties.ManagedPolicyArns ?? []) as unknown[],
      ),
    );

    expect(
      managed.map((arn) => MANAGED_POLICIES.find((policy) => JSON.stringify(arn).includes(policy))),
    ).toEqual(MANAGED_POLICIES);
  });
});

function everyStatement(template: Template): readonly Statement[] {
  return resourcesOf(template, 'AWS::IAM::Role').flatMap(({ logicalId }) =>
    statementsOf(template, logicalId),
  );
}

function wildcards(statement: Statement): readonly string[] {
  const actions = [statement.Action].flat();
  const resources = [statement.Resource].flat();
  return [
    ...actions.filter((action) => action.includes('*')),
    ...(resources.includes('*') ? actions.filter((action) => !WITHOUT_RESOURCE.has(action)) : []),
  ];
}
