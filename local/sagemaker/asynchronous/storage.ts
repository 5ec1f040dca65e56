import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import { placeOf, RoleStorage } from '../model/role-storage.ts';

/** A step of an invocation that failed for a reason of its own, in words for the notification. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  /** The metric that counts failures of this step. */
  readonly metric: string;

  constructor(metric: string, message: string) {
    super(message);
    this.metric = metric;
  }
}

/** S3 and SNS as SageMaker uses them on behalf of an endpoint: with the permissions of the model's role. */
export class EndpointStorage {
  readonly #cloud: LocalCloud;
  readonly #objects: RoleStorage;

  constructor(cloud: LocalCloud, roleArn: string) {
    this.#cloud = cloud;
    this.#objects = new RoleStorage(cloud, roleArn);
  }

  /** @throws {StepFailed} where the object is missing, or the role may not read it */
  async read(uri: string): Promise<Buffer> {
    const { bucket, key } = placeOf(uri);
    const what = `ClientError: The request ${uri} can't be downloaded: `;
    return await step('RequestDownloadFailures', what, () => this.#objects.read(bucket, key));
  }

  /** @throws {StepFailed} where the role may not write there */
  async write(uri: string, body: Buffer, contentType: string): Promise<void> {
    const { bucket, key } = placeOf(uri);
    const what = `ClientError: The response can't be uploaded to ${uri}: `;
    await step('ResponseUploadFailures', what, () => this.#objects.write(bucket, key, body, contentType));
  }

  /** @throws {StepFailed} where the role may not publish, or there is no such topic */
  async publish(topicArn: string, message: object): Promise<void> {
    await step('NotificationFailures', '', async () => {
      await this.#objects.require('sns:Publish', topicArn);
      await this.#cloud.services.sns?.publish(topicArn, JSON.stringify(message));
    });
  }
}

/** Does a step; whatever fails in it is counted by a metric. */
async function step<T>(metric: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StepFailed(metric, `${what}${(error as Error).message}`);
  }
}
