import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { ServerlessHosting } from '../../contract/deployment/deployment.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { ModelEndpoint } from './model-endpoint.ts';
import { ProvisionedScaling } from './provisioned-scaling.ts';
import { ServedModel, type ServedModelProps } from './served-model.ts';

export interface ServerlessEndpointProps
  extends Omit<ServedModelProps, 'networkIsolation' | 'network' | 'storageKey' | 'rollbackAlarmNames'> {
  readonly endpointName: string;
  readonly hosting: ServerlessHosting;
  /** A hash of what it serves. */
  readonly content: string;
  /** @default - the champion */
  readonly variant?: string | undefined;
}

/**
 * A model on SageMaker Serverless, which another content gives another name: the new endpoint is made beside the old one,
 * the functions move from one to the other, and CloudFormation deletes the old one when they have. It takes no VPC, no
 * network isolation and no deployment guardrails (SageMaker developer
 * guide, "Deploy models with Amazon SageMaker Serverless Inference", feature exclusions).
 */
export class ServerlessEndpoint extends ModelEndpoint {
  override readonly payloadLimitBytes = AWS_LIMITS.serverlessPayloadBytes.value;
  override readonly served: ServedModel;
  protected override readonly resource: CfnEndpoint;
  protected override readonly config: CfnEndpointConfig;
  protected override readonly rollbackAlarmIds = [];

  constructor(scope: Construct, id: string, props: ServerlessEndpointProps) {
    super(scope, id, props);
    const { hosting } = props;
    const { provisionedConcurrency: provisioned } = hosting;
    this.served = new ServedModel(this, 'Model', { ...props, networkIsolation: false });
    this.config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: this.variantName,
          modelName: this.served.modelName,
          initialVariantWeight: 1,
          serverlessConfig: {
            memorySizeInMb: hosting.memoryMb,
            maxConcurrency: hosting.maxConcurrency,
            ...(provisioned === undefined ? {} : { provisionedConcurrency: provisioned.min }),
          },
        },
      ],
    });
    this.resource = new CfnEndpoint(this, 'Endpoint', {
      endpointName: props.endpointName,
      endpointConfigName: this.config.attrEndpointConfigName,
    });
    if (provisioned === undefined) return;
    new ProvisionedScaling(
      this,
      'Scaling',
      {
        serviceNamespace: 'sagemaker',
        scalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
        metric: 'SageMakerVariantProvisionedConcurrencyUtilization',
        resourceId: `endpoint/${this.endpointName}/variant/${this.variantName}`,
        resource: this.resource,
      },
      provisioned,
    );
  }
}
