import type { SimulationIdentityPolicy } from '@cloud-copilot/iam-simulate';
import { z } from 'zod';
import type { LocalResource } from '../../template/resource-types.ts';

/** What a role's own policies say. */
export interface RolePolicies {
  readonly roleArn: string;
  readonly identity: readonly SimulationIdentityPolicy[];
  readonly boundary: SimulationIdentityPolicy | undefined;
  /** Managed policies whose content is not in the assembly: they grant nothing locally. */
  readonly unknown: readonly string[];
}

const documentSchema = z.looseObject({ Statement: z.unknown() });

const roleSchema = z.looseObject({
  Policies: z.array(z.looseObject({ PolicyName: z.string(), PolicyDocument: documentSchema })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
});

const attachedSchema = z.looseObject({
  PolicyDocument: documentSchema,
  Roles: z.array(z.string()).default([]),
  RoleName: z.string().optional(),
});

const LOGS = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};
const XRAY = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

/** The AWS managed policies that synthesized functions carry, reduced to what they allow. */
const AWS_MANAGED: Readonly<Record<string, unknown>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': LOGS,
  'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs': LOGS,
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': XRAY,
  'arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess': XRAY,
};

/** Gathers the policies of every role of an assembly, wherever the templates declare them. */
export function readRolePolicies(
  resources: (type: string) => readonly LocalResource[],
): readonly RolePolicies[] {
  const standalone = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'].flatMap((type) => resources(type));
  const managed = resources('AWS::IAM::ManagedPolicy');
  return resources('AWS::IAM::Role').map((role) => {
    const properties = roleSchema.parse(role.properties);
    const inline = properties.Policies.map(({ PolicyName, PolicyDocument }) =>
      asPolicy(PolicyName, PolicyDocument),
    );
    const attached = [...standalone, ...managed]
      .filter((policy) => isAttachedTo(policy, role.ref))
      .map((policy) => asPolicy(policy.path, attachedSchema.parse(policy.properties).PolicyDocument));
    const byArn = properties.ManagedPolicyArns.map((arn) => ({ arn, policy: managedPolicy(arn, managed) }));
    const { PermissionsBoundary: boundaryArn } = properties;
    const boundary = boundaryArn === undefined ? undefined : managedPolicy(boundaryArn, managed);
    return {
      roleArn: role.attributes.Arn ?? role.ref,
      identity: [...inline, ...attached, ...byArn.flatMap(({ policy }) => policy ?? [])],
      // A boundary that can't be read must not widen the role: nothing is within it.
      boundary:
        boundary ?? (boundaryArn === undefined ? undefined : asPolicy(boundaryArn, { Statement: [] })),
      unknown: [
        ...byArn.filter(({ policy }) => policy === undefined).map(({ arn }) => arn),
        ...(boundaryArn !== undefined && boundary === undefined ? [boundaryArn] : []),
      ],
    };
  });
}

function isAttachedTo(policy: LocalResource, roleName: string): boolean {
  const { Roles, RoleName } = attachedSchema.parse(policy.properties);
  return Roles.includes(roleName) || RoleName === roleName;
}

function managedPolicy(arn: string, managed: readonly LocalResource[]): SimulationIdentityPolicy | undefined {
  const known = AWS_MANAGED[arn];
  if (known !== undefined) return asPolicy(arn, { Statement: [known] });
  const declared = managed.find((policy) => policy.ref === arn);
  return declared && asPolicy(arn, attachedSchema.parse(declared.properties).PolicyDocument);
}

function asPolicy(name: string, document: z.infer<typeof documentSchema>): SimulationIdentityPolicy {
  return { name, policy: { Version: '2012-10-17', ...document } };
}
