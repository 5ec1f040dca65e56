import { type CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { RealtimeHosting, Rollout } from '../../contract/deployment/deployment.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { endpointAlarmId, ROLLBACK_ALARMS } from '../alarms/catalogue/endpoint-alarms.ts';
import { alarmName } from '../names.ts';
import { guardedEndpoint } from './guarded-endpoint.ts';
import { InstanceScaling } from './instance-scaling.ts';
import { ModelEndpoint } from './model-endpoint.ts';
import { ServedModel, type ServedModelProps } from './served-model.ts';
import { storageKeyOf } from './storage-key.ts';

export interface RealtimeEndpointProps
  extends Omit<ServedModelProps, 'networkIsolation' | 'storageKey' | 'rollbackAlarmNames'> {
  readonly model: string;
  readonly endpointName: string;
  readonly hosting: RealtimeHosting;
  readonly rollout: Rollout;
  /** A hash of what it serves. */
  readonly content: string;
  /** @default - the champion */
  readonly variant?: string | undefined;
}

/** A model on SageMaker instances, scaled by how many requests each of them gets. */
export class RealtimeEndpoint extends ModelEndpoint {
  override readonly payloadLimitBytes = AWS_LIMITS.realtimePayloadBytes.value;
  override readonly served: ServedModel;
  protected override readonly resource: CfnEndpoint;
  protected override readonly config: CfnEndpointConfig;
  protected override readonly rollbackAlarmIds: readonly string[];

  constructor(scope: Construct, id: string, props: RealtimeEndpointProps) {
    super(scope, id, props);
    const { hosting, environment, key } = props;
    this.rollbackAlarmIds = ROLLBACK_ALARMS.map((kind) => endpointAlarmId(kind, this.variantName));
    const rollbackAlarmNames = this.rollbackAlarmIds.map((id) =>
      alarmName(environment.name, props.model, id),
    );
    const storageKey = storageKeyOf(hosting.instanceType, key);
    this.served = new ServedModel(this, 'Model', {
      ...props,
      networkIsolation: true,
      storageKey,
      rollbackAlarmNames,
    });
    this.config = new CfnEndpointConfig(this, 'Config', {
      ...(storageKey === undefined ? {} : { kmsKeyId: storageKey.keyArn }),
      productionVariants: [
        {
          variantName: this.variantName,
          modelName: this.served.modelName,
          initialVariantWeight: 1,
          instanceType: hosting.instanceType,
          initialInstanceCount: hosting.instances.min,
          containerStartupHealthCheckTimeoutInSeconds: hosting.startupTimeoutSeconds,
          modelDataDownloadTimeoutInSeconds: hosting.startupTimeoutSeconds,
          ...(hosting.volumeGb === undefined ? {} : { volumeSizeInGb: hosting.volumeGb }),
        },
      ],
    });
    this.resource = guardedEndpoint(this, 'Endpoint', {
      endpointName: props.endpointName,
      config: this.config,
      rollout: props.rollout,
      rollbackAlarmNames,
    });
    new InstanceScaling(this, 'Scaling', {
      endpointName: this.endpointName,
      variantName: this.variantName,
      endpoint: this.resource,
      hosting,
    });
  }
}
