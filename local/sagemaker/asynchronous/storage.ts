import type { LocalCloud } from '../../core/plugin.ts';

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
  readonly #roleArn: string;

  constructor(cloud: LocalCloud, roleArn: string) {
    this.#cloud = cloud;
    this.#roleArn = roleArn;
  }

  /** @throws {StepFailed} where the object is missing, or the role may not read it */
  async read(uri: string): Promise<Buffer> {
    const { bucket, key, arn } = parts(uri);
    const failed = (why: string) =>
      new StepFailed(
        'RequestDownloadFailures',
        `ClientError: The request ${uri} can't be downloaded: ${why}`,
      );
    const denial = await this.#cloud.denial(this.#roleArn, [{ action: 's3:GetObject', resource: arn }]);
    if (denial !== undefined) throw failed(denial);
    const found = await this.#cloud.services.s3?.get(bucket, key);
    if (found === undefined) throw failed('there is no such object');
    return found.body;
  }

  /** @throws {StepFailed} where the role may not write there */
  async write(uri: string, body: Buffer, contentType: string): Promise<void> {
    const { bucket, key, arn } = parts(uri);
    const failed = (why: string) =>
      new StepFailed(
        'ResponseUploadFailures',
        `ClientError: The response can't be uploaded to ${uri}: ${why}`,
      );
    const denial = await this.#cloud.denial(this.#roleArn, [{ action: 's3:PutObject', resource: arn }]);
    if (denial !== undefined) throw failed(denial);
    try {
      await this.#cloud.services.s3?.put(bucket, key, body, contentType);
    } catch (error) {
      throw failed((error as Error).message);
    }
  }

  /** @throws {StepFailed} where the role may not publish, or there is no such topic */
  async publish(topicArn: string, message: object): Promise<void> {
    const denial = await this.#cloud.denial(this.#roleArn, [{ action: 'sns:Publish', resource: topicArn }]);
    if (denial !== undefined) throw new StepFailed('NotificationFailures', denial);
    try {
      await this.#cloud.services.sns?.publish(topicArn, JSON.stringify(message));
    } catch (error) {
      throw new StepFailed('NotificationFailures', (error as Error).message);
    }
  }
}

function parts(uri: string): { readonly bucket: string; readonly key: string; readonly arn: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  return { bucket, key, arn: `arn:aws:s3:::${bucket}/${key}` };
}
