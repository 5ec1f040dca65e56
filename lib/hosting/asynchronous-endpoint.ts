import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { AsynchronousHosting, Rollout } from '../../contract/deployment/deployment.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import {
  type AsynchronousParts,
  asynchronousRollbackAlarms,
} from '../alarms/catalogue/asynchronous-alarms.ts';
import { endpointAlarmId, WAKE_ALARM } from '../alarms/catalogue/endpoint-alarms.ts';
import { alarmName } from '../names.ts';
import { BacklogScaling } from './backlog-scaling.ts';
import { guardedEndpoint } from './guarded-endpoint.ts';
import { InferenceBucket } from './inference-bucket.ts';
import { InferenceNotifications } from './inference-notifications.ts';
import { ModelEndpoint } from './model-endpoint.ts';
import { ServedModel, type ServedModelProps } from './served-model.ts';
import { storageKeyOf } from './storage-key.ts';

export interface AsynchronousEndpointProps
  extends Omit<ServedModelProps, 'networkIsolation' | 'storageKey' | 'rollbackAlarmNames' | 'statements'> {
  readonly model: string;
  readonly endpointName: string;
  readonly hosting: AsynchronousHosting;
  readonly rollout: Rollout;
  /** A hash of what it serves. */
  readonly content: string;
  /** @default - the champion */
  readonly variant?: AsynchronousVariant | undefined;
}

/** A variant besides the champion. */
export interface AsynchronousVariant {
  readonly name: string;
  /** Whether callers wait for what it answers; nobody does for a shadow. */
  readonly answers: boolean;
  /** Whose bucket, topics and queue it shares. */
  readonly champion: AsynchronousEndpoint;
}

/** Where requests come from and answers go: one of each for all variants of a model. */
interface Exchange {
  readonly bucket: InferenceBucket;
  readonly notifications: InferenceNotifications;
}

/** A model on SageMaker instances that work off a queue, and that come and go with what waits in it. */
export class AsynchronousEndpoint extends ModelEndpoint {
  override readonly asynchronous: AsynchronousParts;
  override readonly payloadLimitBytes = AWS_LIMITS.asynchronousPayloadBytes.value;
  readonly bucketName: string;
  override readonly served: ServedModel;
  protected override readonly resource: CfnEndpoint;
  protected override readonly config: CfnEndpointConfig;
  protected override readonly rollbackAlarmIds: readonly string[];
  readonly #exchange: Exchange;

  constructor(scope: Construct, id: string, props: AsynchronousEndpointProps) {
    super(scope, id, { ...props, variant: props.variant?.name });
    const { hosting, environment, key, variant } = props;
    this.#exchange = variant === undefined ? this.#createExchange(props) : variant.champion.#exchange;
    const { bucket, notifications } = this.#exchange;
    this.asynchronous = {
      hosting,
      answers: variant?.answers ?? true,
      deadLetterQueueName: variant === undefined ? notifications.deadLetterQueue.queueName : undefined,
    };
    this.bucketName = bucket.bucketName;
    this.rollbackAlarmIds = asynchronousRollbackAlarms(this.variantName, this.asynchronous);
    const nameOfAlarm = (alarm: string) => alarmName(environment.name, props.model, alarm);
    const rollbackAlarmNames = this.rollbackAlarmIds.map(nameOfAlarm);
    const storageKey = storageKeyOf(hosting.instanceType, key);
    this.served = new ServedModel(this, 'Model', {
      ...props,
      networkIsolation: true,
      storageKey,
      rollbackAlarmNames,
      statements: [
        ...bucket.endpointStatements(this.variantName),
        ...notifications.endpointStatements(),
        ...(key?.exchangeStatements() ?? []),
      ],
    });
    bucket.acknowledgeEndpoint(this.served, this.variantName);
    this.config = new CfnEndpointConfig(this, 'Config', {
      ...(storageKey === undefined ? {} : { kmsKeyId: storageKey.keyArn }),
      productionVariants: [
        {
          variantName: this.variantName,
          modelName: this.served.modelName,
          initialVariantWeight: 1,
          instanceType: hosting.instanceType,
          // An endpoint is created with an instance, which shows that the model starts; scaling then takes it away.
          initialInstanceCount: Math.max(1, hosting.instances.min),
          containerStartupHealthCheckTimeoutInSeconds: hosting.startupTimeoutSeconds,
          modelDataDownloadTimeoutInSeconds: hosting.startupTimeoutSeconds,
        },
      ],
      asyncInferenceConfig: {
        outputConfig: {
          s3OutputPath: bucket.outputPath(this.variantName),
          s3FailurePath: bucket.failurePath(this.variantName),
          ...(key === undefined ? {} : { kmsKeyId: key.keyArn }),
          notificationConfig: {
            successTopic: notifications.successTopicArn,
            errorTopic: notifications.errorTopicArn,
          },
        },
        ...(hosting.maxConcurrentInvocationsPerInstance === undefined
          ? {}
          : {
              clientConfig: {
                maxConcurrentInvocationsPerInstance: hosting.maxConcurrentInvocationsPerInstance,
              },
            }),
      },
    });
    this.resource = guardedEndpoint(this, 'Endpoint', {
      endpointName: props.endpointName,
      config: this.config,
      rollout: props.rollout,
      rollbackAlarmNames,
    });
    new BacklogScaling(this, 'Scaling', {
      endpointName: this.endpointName,
      variantName: this.variantName,
      endpoint: this.resource,
      hosting,
      wakeAlarmName: nameOfAlarm(endpointAlarmId(WAKE_ALARM, this.variantName)),
    });
  }

  /** Lets a function put requests where the endpoint finds them, and into its queue. */
  override grantInvoke(fn: IFunction): void {
    this.#exchange.bucket.grantSubmit(fn);
    this.letAsk(fn, 'sagemaker:InvokeEndpointAsync');
  }

  /**
   * Has a function turn the answers of all variants into predictions, and read those that a verification waits for: for the
   * champion, whose queue they share.
   */
  completeWith(fn: LambdaFunction): void {
    this.#exchange.bucket.grantComplete(fn);
    this.#exchange.bucket.grantCollect(fn);
    this.#exchange.notifications.deliverTo(fn);
  }

  #createExchange({ hosting, environment, key }: AsynchronousEndpointProps): Exchange {
    return {
      bucket: new InferenceBucket(this, 'Payloads', { expireDays: hosting.expireDays, key }),
      notifications: new InferenceNotifications(this, 'Notifications', { environment, key }),
    };
  }
}
