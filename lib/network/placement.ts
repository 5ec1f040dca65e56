import { CfnParameter } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { networkParameterName } from '../names.ts';

/** What has to be known to run in a network. */
export interface NetworkPlacement {
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
}

/**
 * Where a stack's functions and containers are placed, as the network's stack wrote it down. CloudFormation looks it up at
 * each deployment: an import would keep the network's stack from ever changing what is imported.
 */
class WrittenPlacement extends Construct implements NetworkPlacement {
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];

  constructor(scope: Construct, id: string, environment: string) {
    super(scope, id);
    this.subnetIds = new CfnParameter(this, 'Subnets', {
      type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>',
      default: networkParameterName(environment, 'subnets'),
      description: 'Where the subnets of the network are written down',
    }).valueAsList;
    this.securityGroupIds = [
      new CfnParameter(this, 'SecurityGroup', {
        type: 'AWS::SSM::Parameter::Value<AWS::EC2::SecurityGroup::Id>',
        default: networkParameterName(environment, 'security-group'),
        description: 'Where the security group of functions and containers is written down',
      }).valueAsString,
    ];
  }
}

/** The placement in the environment's own network; undefined where it has none. */
export function networkPlacement(
  scope: Construct,
  id: string,
  environment: Environment,
): NetworkPlacement | undefined {
  return environment.network === undefined ? undefined : new WrittenPlacement(scope, id, environment.name);
}
