import { CfnEndpoint, CfnEndpointConfig, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { RealtimeHosting } from '../../contract/deployment/deployment.ts';
import type { ScaleToZero } from '../../contract/deployment/scale-to-zero.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { alarmName } from '../names.ts';
import { CopyScaling } from './copy-scaling.ts';
import { copyVcpus } from './instance-families.ts';
import { ModelEndpoint } from './model-endpoint.ts';
import { ServedModel, type ServedModelProps } from './served-model.ts';
import { storageKeyOf } from './storage-key.ts';

export interface ScaleToZeroEndpointProps
  extends Omit<ServedModelProps, 'networkIsolation' | 'storageKey' | 'rollbackAlarmNames'> {
  readonly model: string;
  readonly endpointName: string;
  readonly hosting: RealtimeHosting;
  readonly scaleToZero: ScaleToZero;
  /** A hash of what it serves. */
  readonly content: string;
}

/** A deployment begins with a copy, which shows that the model starts; scaling then takes it away. */
const FIRST_COPIES = 1;

/**
 * A model on SageMaker instances of which none is left when nobody asks: an endpoint that holds no model of its own, and
 * an inference component with the model's copies. A new version replaces the copies of the component. SageMaker's
 * guardrails take a part of them first, and of one copy there is no part: so there is no rollback on alarms, only on a
 * version that does not start.
 */
export class ScaleToZeroEndpoint extends ModelEndpoint {
  override readonly payloadLimitBytes = AWS_LIMITS.realtimePayloadBytes.value;
  override readonly componentName: string;
  override readonly served: ServedModel;
  protected override readonly resource: CfnInferenceComponent;
  protected override readonly config: CfnEndpointConfig;
  protected override readonly rollbackAlarmIds = [];

  constructor(scope: Construct, id: string, props: ScaleToZeroEndpointProps) {
    super(scope, id, props);
    const { hosting, scaleToZero, environment, key, network } = props;
    // An endpoint has one component, and a component can't be moved: both are new together.
    this.componentName = props.endpointName;
    const storageKey = storageKeyOf(hosting.instanceType, key);
    this.served = new ServedModel(this, 'Model', {
      ...props,
      networkIsolation: true,
      storageKey,
    });
    this.config = new CfnEndpointConfig(this, 'Config', {
      ...(storageKey === undefined ? {} : { kmsKeyId: storageKey.keyArn }),
      executionRoleArn: this.served.role.roleArn,
      enableNetworkIsolation: true,
      ...(network === undefined
        ? {}
        : { vpcConfig: { subnets: network.subnetIds, securityGroupIds: network.securityGroupIds } }),
      productionVariants: [
        {
          variantName: this.variantName,
          instanceType: hosting.instanceType,
          initialInstanceCount: FIRST_COPIES,
          managedInstanceScaling: {
            status: 'ENABLED',
            minInstanceCount: 0,
            maxInstanceCount: hosting.instances.max,
          },
          ...(hosting.volumeGb === undefined ? {} : { volumeSizeInGb: hosting.volumeGb }),
        },
      ],
    });
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointName: props.endpointName,
      endpointConfigName: this.config.attrEndpointConfigName,
    });
    this.resource = new CfnInferenceComponent(this, 'Component', {
      inferenceComponentName: this.componentName,
      endpointName: endpoint.attrEndpointName,
      variantName: this.variantName,
      specification: {
        modelName: this.served.modelName,
        computeResourceRequirements: {
          minMemoryRequiredInMb: scaleToZero.memoryMb,
          numberOfCpuCoresRequired: copyVcpus(hosting.instanceType),
          ...(scaleToZero.acceleratorDevices === undefined
            ? {}
            : { numberOfAcceleratorDevicesRequired: scaleToZero.acceleratorDevices }),
        },
        startupParameters: {
          containerStartupHealthCheckTimeoutInSeconds: hosting.startupTimeoutSeconds,
          modelDataDownloadTimeoutInSeconds: hosting.startupTimeoutSeconds,
        },
      },
      runtimeConfig: { copyCount: FIRST_COPIES },
    });
    new CopyScaling(this, 'Scaling', {
      componentName: this.componentName,
      component: this.resource,
      hosting,
      wakeAlarmName: alarmName(environment.name, props.model, 'wake-from-zero'),
    });
  }
}
