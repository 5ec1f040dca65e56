import { arnOf, nameOf } from '../template/naming.ts';
import { physicalName, stableId } from '../template/physical-name.ts';
import type { Identity, ResourceSupport, Unidentified } from '../template/resource-types.ts';

function inert(identify: (resource: Unidentified) => Identity, note = ''): ResourceSupport {
  return { support: 'inert', note, identify };
}

const generated = (resource: Unidentified): Identity => ({ ref: physicalName(resource) });

const named =
  (property: string) =>
  (resource: Unidentified): Identity => ({ ref: nameOf(resource, property) });

function iamPath(resource: Unidentified): string {
  const path = resource.property('Path');
  return typeof path === 'string' ? path : '/';
}

function role(resource: Unidentified): Identity {
  const name = nameOf(resource, 'RoleName');
  const arn = `arn:aws:iam::${resource.accountId}:role${iamPath(resource)}${name}`;
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${stableId(arn, 17)}` } };
}

function managedPolicy(resource: Unidentified): Identity {
  const name = nameOf(resource, 'ManagedPolicyName');
  const arn = `arn:aws:iam::${resource.accountId}:policy${iamPath(resource)}${name}`;
  return { ref: arn, attributes: { PolicyArn: arn } };
}

function logGroup(resource: Unidentified): Identity {
  const name = nameOf(resource, 'LogGroupName');
  return { ref: name, attributes: { Arn: `${arnOf('logs', resource, `log-group:${name}`)}:*` } };
}

function alarm(resource: Unidentified): Identity {
  const name = nameOf(resource, 'AlarmName', 255);
  return { ref: name, attributes: { Arn: arnOf('cloudwatch', resource, `alarm:${name}`) } };
}

function key(resource: Unidentified): Identity {
  const id = stableId(physicalName(resource), 32).toLowerCase();
  return { ref: id, attributes: { Arn: arnOf('kms', resource, `key/${id}`), KeyId: id } };
}

const NO_ALARMS = 'alarms are not evaluated locally yet, but for those that scale';

const NO_NETWORK = 'there is no private network locally: everything runs on loopback';

/** Types that are accepted and named, but have no behaviour of their own on the laptop. */
export const inertTypes: Readonly<Record<string, ResourceSupport>> = {
  // The front door reads these to decide what a role may do.
  'AWS::IAM::Role': inert(role),
  'AWS::IAM::Policy': inert(generated),
  'AWS::IAM::RolePolicy': inert(generated),
  'AWS::IAM::ManagedPolicy': inert(managedPolicy),

  'AWS::CDK::Metadata': inert(generated),
  'AWS::Logs::LogGroup': inert(logGroup),
  'AWS::Logs::QueryDefinition': inert(generated),
  'AWS::Logs::MetricFilter': inert(generated, 'metric filters are not evaluated locally'),
  'AWS::Logs::SubscriptionFilter': inert(generated, 'log lines are not forwarded locally'),
  'AWS::CloudWatch::Alarm': inert(alarm, NO_ALARMS),
  'AWS::CloudWatch::CompositeAlarm': inert(alarm, NO_ALARMS),
  'AWS::CloudWatch::Dashboard': inert(named('DashboardName')),
  'AWS::CodeDeploy::Application': inert(named('ApplicationName')),
  'AWS::CodeDeploy::DeploymentGroup': inert(
    generated,
    'there is no gradual rollout locally: the new version serves at once',
  ),
  'AWS::CodeDeploy::DeploymentConfig': inert(generated),
  'AWS::KMS::Key': inert(key, 'data on disk is not encrypted locally'),
  'AWS::KMS::Alias': inert(named('AliasName')),
  'AWS::EC2::VPC': inert(generated, NO_NETWORK),
  'AWS::EC2::Subnet': inert(generated),
  'AWS::EC2::RouteTable': inert(generated),
  'AWS::EC2::SubnetRouteTableAssociation': inert(generated),
  'AWS::EC2::SecurityGroup': inert(generated),
  'AWS::EC2::SecurityGroupIngress': inert(generated),
  'AWS::EC2::VPCEndpoint': inert(generated),
  'AWS::EC2::FlowLog': inert(generated),
  'AWS::WAFv2::WebACL': inert(generated, 'there is no firewall locally: every request is let through'),
  'AWS::WAFv2::WebACLAssociation': inert(generated),
  'AWS::ResourceGroups::Group': inert(named('Name')),
  'Datadog::Monitors::Monitor': inert(generated, 'Datadog monitors are not evaluated locally'),
};
