import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Environment, PrivateNetwork as PrivateNetworkSettings } from '../environment.ts';
import { networkParameterName, networkStackName } from '../names.ts';
import { PrivateNetwork } from '../network/private-network.ts';
import { dataKey } from '../security/data-key.ts';
import { commonStackProps, commonTags } from './stack-props.ts';

/**
 * The network of an environment. It outlives every model: interfaces stay in its subnets for a while after what used them
 * is gone, and would keep a stack that held both from being deleted. Nothing is exported; models look its ids up by name.
 */
export class NetworkStack extends Stack {
  readonly #availabilityZones: readonly string[];

  constructor(scope: Construct, environment: Environment, network: PrivateNetworkSettings) {
    const stackName = networkStackName(environment.name);
    super(scope, stackName, {
      ...commonStackProps(environment),
      stackName,
      description: `The network that models run in (${environment.name})`,
      tags: commonTags(environment),
    });
    this.#availabilityZones = network.availabilityZones;
    const key = dataKey(this, 'DataKey', { environment, description: `The data of ${stackName}` });
    key?.letLogsUse(`${stackName}-`);
    const { subnetIds, memberSecurityGroupId } = new PrivateNetwork(this, 'Network', {
      environment,
      network,
      key,
    });
    new CfnParameter(this, 'Subnets', {
      name: networkParameterName(environment.name, 'subnets'),
      type: 'StringList',
      value: subnetIds.join(','),
    });
    new CfnParameter(this, 'SecurityGroup', {
      name: networkParameterName(environment.name, 'security-group'),
      type: 'String',
      value: memberSecurityGroupId,
    });
  }

  /** What the environment declares: the CDK would look the account's zones up otherwise, with credentials. */
  override get availabilityZones(): string[] {
    return [...this.#availabilityZones];
  }
}
