import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { sharedStackName } from '../names.ts';
import { dataKey } from '../security/data-key.ts';
import { AlarmTopics } from './alarm-topics.ts';
import { GatewayLogging } from './gateway-logging.ts';
import { commonStackProps, commonTags } from './stack-props.ts';

/** What the models of one environment share. Nothing is exported: models find the topics by their names. */
export class SharedStack extends Stack {
  constructor(scope: Construct, environment: Environment) {
    const stackName = sharedStackName(environment.name);
    super(scope, stackName, {
      ...commonStackProps(environment),
      stackName,
      description: `What the models share (${environment.name})`,
      tags: commonTags(environment),
    });
    const key = dataKey(this, 'DataKey', {
      environment,
      description: `The data of ${stackName}`,
      // Nothing that it encrypts is kept: notifications pass through.
      removal: RemovalPolicy.DESTROY,
    });
    new AlarmTopics(this, 'Alarms', { environment, key });
    new GatewayLogging(this, 'GatewayLogging');
  }
}
