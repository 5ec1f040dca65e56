import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { GATEWAY_SERVICES, INTERFACE_SERVICES } from '../../../lib/network/endpoint-services.ts';
import { PRIVATE } from '../support/environments.ts';
import { MATRIX } from '../support/matrix.ts';
import { artifactModel, deploymentOf, REALTIME } from '../support/models.ts';
import {
  actionsOf,
  flat,
  functionNamed,
  only,
  resourcesOf,
  roleOf,
  statementsOf,
} from '../support/resources.ts';
import { synthesizeModel } from '../support/stack.ts';

/** What services do with a role themselves, outside of the network; a key is used by the service that holds the data. */
const BY_SERVICES = ['ec2', 'kms', 'logs', 'xray'];

/** What Lambda receives for a function: its poller is in no network of ours. */
const BY_POLLER = /^sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueAttributes)$/;

describe('the network of an environment', () => {
  let network: Template;
  beforeAll(async () => {
    network = networkOf(await synthesizeModel(artifactModel, deploymentOf(REALTIME), PRIVATE));
  });

  it('has a subnet in each zone, whose addresses share the block', () => {
    expect(
      resourcesOf(network, 'AWS::EC2::Subnet').map(({ Properties }) => [
        Properties.AvailabilityZone,
        Properties.CidrBlock,
        Properties.MapPublicIpOnLaunch,
      ]),
    ).toEqual([
      ['eu-west-1a', '10.20.0.0/21', false],
      ['eu-west-1c', '10.20.8.0/21', false],
    ]);
  });

  it('has no way to the internet', () => {
    for (const type of [
      'InternetGateway',
      'VPCGatewayAttachment',
      'NatGateway',
      'EIP',
      'Route',
      'VPNGateway',
    ]) {
      network.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
  });

  it('has an endpoint for each service that is called from within, for this account alone', () => {
    const endpoints = resourcesOf(network, 'AWS::EC2::VPCEndpoint');

    expect(
      endpoints
        .map(
          ({ Properties }) =>
            `${Properties.VpcEndpointType} ${flat(Properties.ServiceName).replace('{AWS::Region}', 'eu-west-1')}`,
        )
        .sort(),
    ).toEqual([
      'Gateway com.amazonaws.eu-west-1.dynamodb',
      'Gateway com.amazonaws.eu-west-1.s3',
      'Interface com.amazonaws.eu-west-1.sagemaker.runtime',
      'Interface com.amazonaws.eu-west-1.sqs',
    ]);
    for (const { Properties } of endpoints) {
      const account = { Ref: 'AWS::AccountId' };
      expect(Properties.PolicyDocument).toMatchObject({
        Statement: [
          {
            Effect: 'Allow',
            Condition: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } },
          },
        ],
      });
    }
  });

  it('answers to the services names as everywhere, so that no client has to know of it', () => {
    const interfaces = resourcesOf(network, 'AWS::EC2::VPCEndpoint').filter(
      ({ Properties }) => Properties.VpcEndpointType === 'Interface',
    );

    expect(interfaces.map(({ Properties }) => Properties.PrivateDnsEnabled)).toEqual([true, true]);
    network.hasResourceProperties('AWS::EC2::VPC', { EnableDnsHostnames: true, EnableDnsSupport: true });
  });

  it('lets members out to the endpoints and to S3 and DynamoDB, by HTTPS, and nobody in', () => {
    const [endpoints, members] = resourcesOf(network, 'AWS::EC2::SecurityGroup');
    const rules = members?.Properties.SecurityGroupEgress as readonly Record<string, unknown>[];

    expect(members?.Properties.SecurityGroupIngress).toBeUndefined();
    expect(rules.map(({ IpProtocol, FromPort, ToPort }) => [IpProtocol, FromPort, ToPort])).toEqual(
      Array(3).fill(['tcp', 443, 443]),
    );
    expect(
      rules.map((rule) => rule.DestinationPrefixListId ?? flat(rule.DestinationSecurityGroupId)),
    ).toEqual([`{${endpoints?.logicalId}.GroupId}`, 'pl-0a1b2c3d', 'pl-4e5f6a7b']);
    expect(endpoints?.Properties.SecurityGroupIngress).toBeUndefined();
    const { Properties } = only(network, 'AWS::EC2::SecurityGroupIngress');
    expect(Properties).toMatchObject({
      GroupId: { 'Fn::GetAtt': [endpoints?.logicalId, 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [members?.logicalId, 'GroupId'] },
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
    });
  });

  it('logs what it refuses', () => {
    const { Properties } = only(network, 'AWS::EC2::FlowLog');

    expect(Properties).toMatchObject({ ResourceType: 'VPC', TrafficType: 'REJECT' });
    expect(Properties.LogGroupName).toEqual({ Ref: only(network, 'AWS::Logs::LogGroup').logicalId });
  });
});

describe.each(MATRIX.filter(({ environment }) => environment.network !== undefined))(
  '$name',
  ({ synthesize }) => {
    it('has every function that data pass through in the subnets and behind the group that the network wrote down', async () => {
      const synthesized = await synthesize();
      const { Parameters: parameters } = synthesized.model.toJSON() as {
        readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
      };
      const stored = new Set(
        resourcesOf(networkOf(synthesized), 'AWS::SSM::Parameter').map(({ Properties }) => Properties.Name),
      );

      for (const { Properties } of placedFunctions(synthesized.model)) {
        const { SubnetIds: subnets, SecurityGroupIds: groups } = Properties.VpcConfig as {
          readonly SubnetIds: { readonly Ref: string };
          readonly SecurityGroupIds: readonly [{ readonly Ref: string }];
        };
        expect(parameters[subnets.Ref]).toMatchObject({
          Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>',
          Default: '/furrow/prod/network/subnets',
        });
        expect(parameters[groups[0].Ref]).toMatchObject({
          Type: 'AWS::SSM::Parameter::Value<AWS::EC2::SecurityGroup::Id>',
          Default: '/furrow/prod/network/security-group',
        });
      }
      expect(stored).toEqual(
        new Set(['/furrow/prod/network/subnets', '/furrow/prod/network/security-group']),
      );
    });

    it('has every container there too, and cut off besides', async () => {
      const { model } = await synthesize();

      for (const { Properties } of resourcesOf(model, 'AWS::SageMaker::Model')) {
        expect(Properties).toMatchObject({
          EnableNetworkIsolation: true,
          VpcConfig: {
            Subnets: { Ref: expect.stringMatching(/^NetworkSubnets/) },
            SecurityGroupIds: [{ Ref: expect.stringMatching(/^NetworkSecurityGroup/) }],
          },
        });
      }
    });

    it('calls nothing that the network has no way to', async () => {
      const { model } = await synthesize();
      const reached = [...GATEWAY_SERVICES, ...INTERFACE_SERVICES].map(({ prefix }) => prefix);
      const called = placedFunctions(model).flatMap((fn) =>
        actionsOf(statementsOf(model, roleOf(fn)).filter(({ Effect }) => Effect === 'Allow')),
      );
      const prefixes = called
        .filter((action) => !BY_POLLER.test(action))
        .map((action) => action.split(':')[0]);

      expect(prefixes.length).toBeGreaterThan(10);
      expect(
        new Set(prefixes.filter((prefix = '') => ![...reached, ...BY_SERVICES].includes(prefix))),
      ).toEqual(new Set());
    });

    it("keeps a function's own code from what Lambda may do to interfaces", async () => {
      const { model } = await synthesize();

      for (const fn of placedFunctions(model)) {
        const statements = statementsOf(model, roleOf(fn));
        const allowed = actionsOf(statements.filter(({ Effect }) => Effect === 'Allow'));
        const [denied, ...others] = statements.filter(({ Effect }) => Effect === 'Deny');
        expect(others).toEqual([]);
        expect(denied?.Condition).toEqual({ Null: { 'lambda:SourceFunctionArn': 'false' } });
        expect(actionsOf(denied === undefined ? [] : [denied])).toEqual(
          allowed.filter((action) => action.startsWith('ec2:')),
        );
      }
    });
  },
);

/** All functions but one: what proves deployments answers to an address of CloudFormation, which the network has no way to. */
function placedFunctions(model: Template) {
  const all = resourcesOf(model, 'AWS::Lambda::Function');
  const verify = functionNamed(model, 'verify');
  expect(verify.Properties).not.toHaveProperty('VpcConfig');
  return all.filter(({ logicalId }) => logicalId !== verify.logicalId);
}

function networkOf({ network }: { readonly network: Template | undefined }): Template {
  if (network === undefined) throw new Error('the environment has no network of its own');
  return network;
}
