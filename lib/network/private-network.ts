import {
  CfnSecurityGroup,
  CfnSecurityGroupIngress,
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  FlowLogTrafficType,
  GatewayVpcEndpoint,
  InterfaceVpcEndpoint,
  IpAddresses,
  type ISecurityGroup,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment, PrivateNetwork as PrivateNetworkSettings } from '../environment.ts';
import type { DataKey } from '../security/data-key.ts';
import { GATEWAY_SERVICES, INTERFACE_SERVICES } from './endpoint-services.ts';

const HTTPS = 443;

export interface PrivateNetworkProps {
  readonly environment: Environment;
  readonly network: PrivateNetworkSettings;
  /** What the flow log is encrypted with. @default - a key of CloudWatch Logs */
  readonly key?: DataKey | undefined;
}

/**
 * Subnets whose routes lead to endpoints of AWS services and nowhere else: there is no gateway to the internet, no address
 * translation and no public address. What runs in them may open connections to those endpoints, and takes none.
 */
export class PrivateNetwork extends Construct {
  readonly subnetIds: readonly string[];
  /** Of whatever runs in the network. */
  readonly memberSecurityGroupId: string;

  constructor(scope: Construct, id: string, { environment, network, key }: PrivateNetworkProps) {
    super(scope, id);
    // A Vpc is an IVpc: only the compiler's exact optional properties see a difference in a getter.
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(network.cidr),
      availabilityZones: [...network.availabilityZones],
      natGateways: 0,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // Nothing is a member of the default group, and closing it would take a function that may change security groups.
      restrictDefaultSecurityGroup: false,
    }) as IVpc;
    const endpoints = new SecurityGroup(this, 'EndpointGroup', {
      vpc,
      description: 'The endpoints of AWS services',
      allowAllOutbound: false,
    });
    this.memberSecurityGroupId = this.#members(vpc, endpoints.securityGroupId, network);
    new CfnSecurityGroupIngress(this, 'MembersOnly', {
      groupId: endpoints.securityGroupId,
      sourceSecurityGroupId: this.memberSecurityGroupId,
      ipProtocol: 'tcp',
      fromPort: HTTPS,
      toPort: HTTPS,
      description: 'Functions and containers',
    });
    this.#addEndpoints(vpc, endpoints);
    this.#addFlowLog(vpc, environment, key);
    this.subnetIds = vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
  }

  /**
   * The rules stand in the group itself: EC2 gives a group that is made without any a rule that lets everything out, and
   * the construct has those of prefix lists made afterwards.
   */
  #members({ vpcId }: IVpc, endpoints: string, { prefixLists }: PrivateNetworkSettings): string {
    const to = (destination: Partial<CfnSecurityGroup.EgressProperty>, description: string) => ({
      ipProtocol: 'tcp',
      fromPort: HTTPS,
      toPort: HTTPS,
      description,
      ...destination,
    });
    return new CfnSecurityGroup(this, 'MemberGroup', {
      vpcId,
      groupDescription: 'Functions and containers',
      securityGroupEgress: [
        to({ destinationSecurityGroupId: endpoints }, 'Endpoints of AWS services'),
        to({ destinationPrefixListId: prefixLists.s3 }, 'S3'),
        to({ destinationPrefixListId: prefixLists.dynamodb }, 'DynamoDB'),
      ],
    }).attrGroupId;
  }

  #addEndpoints(vpc: IVpc, group: ISecurityGroup): void {
    for (const { id, service } of GATEWAY_SERVICES) {
      const endpoint = new GatewayVpcEndpoint(this, id, { vpc, service });
      endpoint.addToPolicy(this.#thisAccountOnly());
    }
    for (const { id, service } of INTERFACE_SERVICES) {
      const endpoint = new InterfaceVpcEndpoint(this, id, {
        vpc,
        service,
        securityGroups: [group],
        // The rule above lets in whom it has to: everybody in the network would be more.
        open: false,
      });
      endpoint.addToPolicy(this.#thisAccountOnly());
    }
  }

  /**
   * Roles decide what may be called; this keeps whoever holds other credentials from carrying data to another account.
   */
  #thisAccountOnly(): PolicyStatement {
    const { account } = Stack.of(this);
    return new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } },
    });
  }

  /** Nothing should be refused in here, so what is refused is worth a look, and all else worth no storage. */
  #addFlowLog(vpc: IVpc, environment: Environment, key: DataKey | undefined): void {
    const logGroup = new LogGroup(this, 'FlowLogs', {
      retention: environment.logRetentionDays,
      removalPolicy: environment.dataRemoval,
      ...(key === undefined ? {} : { encryptionKey: key.key }),
    });
    new FlowLog(this, 'FlowLog', {
      resourceType: FlowLogResourceType.fromVpc(vpc),
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }
}
