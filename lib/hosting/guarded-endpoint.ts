import { CfnEndpoint, type CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Rollout } from '../../contract/deployment/deployment.ts';
import { deploymentConfig } from './deployment-config.ts';

export interface GuardedEndpointProps {
  readonly endpointName: string;
  readonly config: CfnEndpointConfig;
  readonly rollout: Rollout;
  /** The alarms that give a deployment up. */
  readonly rollbackAlarmNames: readonly string[];
}

/** An endpoint on instances, whose new versions SageMaker's deployment guardrails bring in. */
export function guardedEndpoint(scope: Construct, id: string, props: GuardedEndpointProps): CfnEndpoint {
  return new CfnEndpoint(scope, id, {
    endpointName: props.endpointName,
    endpointConfigName: props.config.attrEndpointConfigName,
    // A deployment keeps the instance count that scaling arrived at, and still changes what it is meant to change.
    retainAllVariantProperties: true,
    excludeRetainedVariantProperties: [
      { variantPropertyType: 'DesiredWeight' },
      { variantPropertyType: 'DataCaptureConfig' },
    ],
    deploymentConfig: deploymentConfig(props.rollout, props.rollbackAlarmNames),
  });
}
