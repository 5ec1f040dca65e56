import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { Access } from '../../../../local/core/iam/access.ts';
import { type RolePolicies, readRolePolicies } from '../../../../local/core/iam/policies.ts';
import { inertTypes } from '../../../../local/core/inert-types.ts';
import { loadAssembly } from '../../../../local/template/assembly.ts';
import { Resources } from '../../../../local/template/resources.ts';
import { synthesizeStack } from '../support/synthesize.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const warnings: string[] = [];
let policies: readonly RolePolicies[];
let access: Access;

beforeAll(() => {
  const allow = (action: string, resource = TABLE) =>
    new PolicyStatement({ actions: [action], resources: [resource] });
  const assemblyDir = synthesizeStack((stack) => {
    const role = (name: string, props = {}) =>
      new Role(stack, name, { roleName: name, assumedBy: LAMBDA, ...props });
    role('attached').addToPolicy(allow('dynamodb:PutItem'));
    const managed = new ManagedPolicy(stack, 'Managed', { statements: [allow('dynamodb:GetItem')] });
    role('managed', { managedPolicies: [managed] });
    role('logs', {
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });
    role('full', { managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonDynamoDBFullAccess')] });
    const denied = role('denied');
    denied.addToPolicy(allow('dynamodb:*', '*'));
    denied.addToPolicy(
      new PolicyStatement({ effect: Effect.DENY, actions: ['dynamodb:DeleteItem'], resources: ['*'] }),
    );
    const bounded = role('bounded', { permissionsBoundary: managed });
    bounded.addToPolicy(allow('dynamodb:*', '*'));
    role('unreadable', {
      permissionsBoundary: ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'),
    }).addToPolicy(allow('dynamodb:*', '*'));
  });
  const resources = new Resources(loadAssembly(assemblyDir), inertTypes, 'http://127.0.0.1:1');
  policies = readRolePolicies((type) => resources.ofType(type));
  access = new Access(policies, '000000000000', (message) => warnings.push(message));
});

function denial(role: string, action: string, resource = TABLE): Promise<string | undefined> {
  const roleArn = `arn:aws:iam::000000000000:role/${role}`;
  return access.denial({ kind: 'role', roleArn, sessionName: 'predict' }, [{ action, resource }]);
}

describe('Access', () => {
  it('allows what an attached policy allows and denies the rest in the words of AWS', async () => {
    expect(await denial('attached', 'dynamodb:PutItem')).toBeUndefined();
    expect(await denial('attached', 'dynamodb:GetItem')).toBe(
      'User: arn:aws:sts::000000000000:assumed-role/attached/predict is not authorized to perform: ' +
        `dynamodb:GetItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:GetItem action`,
    );
  });

  it('looks at the resource, not only at the action', async () => {
    expect(await denial('attached', 'dynamodb:PutItem', `${TABLE}-2`)).toContain(
      `on resource: ${TABLE}-2 because`,
    );
  });

  it('reads managed policies of the template and the known ones of AWS', async () => {
    expect(await denial('managed', 'dynamodb:GetItem')).toBeUndefined();
    const stream = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/predict:log-stream:one';
    expect(await denial('logs', 'logs:PutLogEvents', stream)).toBeUndefined();
    expect(await denial('logs', 'dynamodb:GetItem')).toContain('because no identity-based policy allows');
  });

  it('lets an explicit deny win over an allow', async () => {
    expect(await denial('denied', 'dynamodb:PutItem')).toBeUndefined();
    expect(await denial('denied', 'dynamodb:DeleteItem')).toMatch(
      /with an explicit deny in an identity-based policy$/,
    );
  });

  it('keeps a role within its permissions boundary, and one whose boundary is unknown out of everything', async () => {
    expect(await denial('bounded', 'dynamodb:GetItem')).toBeUndefined();
    expect(await denial('bounded', 'dynamodb:PutItem')).toContain(
      'is not authorized to perform: dynamodb:PutItem',
    );
    expect(await denial('unreadable', 'dynamodb:GetItem')).toContain('is not authorized');
  });

  it('grants nothing for a managed policy whose content is not known, and names it', async () => {
    expect(await denial('full', 'dynamodb:GetItem')).toContain('is not authorized');
    const unknown = policies.flatMap((role) => role.unknown);
    expect(unknown).toEqual([
      'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess',
      'arn:aws:iam::aws:policy/PowerUserAccess',
    ]);
  });

  it('denies on the first of several permissions that is missing', async () => {
    const roleArn = 'arn:aws:iam::000000000000:role/attached';
    const message = await access.denial({ kind: 'role', roleArn, sessionName: 's' }, [
      { action: 'dynamodb:PutItem', resource: TABLE },
      { action: 'dynamodb:DeleteItem', resource: TABLE },
    ]);
    expect(message).toContain('dynamodb:DeleteItem');
  });

  it('denies a role that no template declares and allows the developer everything', async () => {
    expect(await denial('nobody', 'dynamodb:GetItem')).toContain('is not authorized');
    expect(
      await access.denial({ kind: 'developer' }, [{ action: 'dynamodb:PutItem', resource: TABLE }]),
    ).toBeUndefined();
  });
});
