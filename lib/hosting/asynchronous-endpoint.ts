import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { CHAMPION } from '../../contract/answering-variant.ts';
import type { AsynchronousHosting, Rollout } from '../../contract/deployment.ts';
import { ASYNCHRONOUS_ROLLBACK_ALARMS, type AsynchronousParts } from '../alarms/asynchronous-alarms.ts';
import { alarmName } from '../names.ts';
import { BacklogScaling } from './backlog-scaling.ts';
import { deploymentConfig } from './deployment-config.ts';
import { InferenceBucket } from './inference-bucket.ts';
import { InferenceNotifications } from './inference-notifications.ts';
import { hasInstanceStorage } from './instance-families.ts';
import { ModelEndpoint } from './model-endpoint.ts';
import { ServedModel, type ServedModelProps } from './served-model.ts';

export interface AsynchronousEndpointProps
  extends Omit<ServedModelProps, 'networkIsolation' | 'storageKeyArn' | 'rollbackAlarmNames' | 'statements'> {
  readonly model: string;
  readonly hosting: AsynchronousHosting;
  readonly rollout: Rollout;
  /** A hash of what it serves. */
  readonly content: string;
}

/** The model's data is a few megabytes: a download that takes longer than this has failed. */
const DATA_DOWNLOAD_TIMEOUT_SECONDS = 300;

/** Without a bound, an endpoint whose container never becomes healthy can't be deleted for an hour. */
const STARTUP_TIMEOUT_SECONDS = 300;

/** SageMaker developer guide, "Asynchronous inference": payloads of up to 1 GB. */
const PAYLOAD_LIMIT_BYTES = 1024 ** 3;

/** A model on SageMaker instances that work off a queue, and that come and go with what waits in it. */
export class AsynchronousEndpoint extends ModelEndpoint {
  override readonly asynchronous: AsynchronousParts;
  override readonly payloadLimitBytes = PAYLOAD_LIMIT_BYTES;
  readonly bucketName: string;
  protected override readonly resource: CfnEndpoint;
  protected override readonly rollbackAlarmIds = ASYNCHRONOUS_ROLLBACK_ALARMS;
  readonly #bucket: InferenceBucket;
  readonly #notifications: InferenceNotifications;

  constructor(scope: Construct, id: string, props: AsynchronousEndpointProps) {
    super(scope, id, props);
    const { hosting, environment, key } = props;
    this.#bucket = new InferenceBucket(this, 'Payloads', { expireDays: hosting.expireDays, key });
    this.#notifications = new InferenceNotifications(this, 'Notifications', { environment, key });
    this.asynchronous = { hosting, deadLetterQueueName: this.#notifications.deadLetterQueueName };
    this.bucketName = this.#bucket.bucketName;
    const nameOfAlarm = (alarm: string) => alarmName(environment.name, props.model, alarm);
    const rollbackAlarmNames = ASYNCHRONOUS_ROLLBACK_ALARMS.map(nameOfAlarm);
    const storageKeyArn = hasInstanceStorage(hosting.instanceType) ? undefined : key?.keyArn;
    const model = new ServedModel(this, 'Model', {
      ...props,
      networkIsolation: true,
      storageKeyArn,
      rollbackAlarmNames,
      statements: [
        ...this.#bucket.endpointStatements(),
        ...this.#notifications.endpointStatements(),
        ...(key?.exchangeStatements() ?? []),
      ],
    });
    this.#bucket.acknowledgeFolders(model);
    const config = new CfnEndpointConfig(this, 'Config', {
      ...(storageKeyArn === undefined ? {} : { kmsKeyId: storageKeyArn }),
      productionVariants: [
        {
          variantName: CHAMPION,
          modelName: model.modelName,
          initialVariantWeight: 1,
          instanceType: hosting.instanceType,
          // An endpoint is created with an instance, which shows that the model starts; scaling then takes it away.
          initialInstanceCount: Math.max(1, hosting.instances.min),
          containerStartupHealthCheckTimeoutInSeconds: STARTUP_TIMEOUT_SECONDS,
          modelDataDownloadTimeoutInSeconds: DATA_DOWNLOAD_TIMEOUT_SECONDS,
        },
      ],
      asyncInferenceConfig: {
        outputConfig: {
          s3OutputPath: this.#bucket.outputPath,
          s3FailurePath: this.#bucket.failurePath,
          ...(key === undefined ? {} : { kmsKeyId: key.keyArn }),
          notificationConfig: {
            successTopic: this.#notifications.successTopicArn,
            errorTopic: this.#notifications.errorTopicArn,
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
    this.resource = new CfnEndpoint(this, 'Endpoint', {
      endpointName: props.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
      // A deployment keeps the instance count that scaling arrived at, and still changes what it is meant to change.
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [
        { variantPropertyType: 'DesiredWeight' },
        { variantPropertyType: 'DataCaptureConfig' },
      ],
      deploymentConfig: deploymentConfig(props.rollout, rollbackAlarmNames),
    });
    new BacklogScaling(this, 'Scaling', {
      endpointName: this.endpointName,
      variantName: this.variantName,
      endpoint: this.resource,
      hosting,
      wakeAlarmName: nameOfAlarm('wake-from-zero'),
    });
  }

  /** Lets a function put requests where the endpoint finds them, and into its queue. */
  override grantInvoke(fn: IFunction): void {
    this.#bucket.grantSubmit(fn);
    this.letAsk(fn, 'sagemaker:InvokeEndpointAsync');
  }

  /** Has a function turn the endpoint's answers into predictions. */
  completeWith(fn: IFunction): void {
    this.#bucket.grantComplete(fn);
    this.#notifications.deliverTo(fn);
  }
}
