import type { LocalCloud } from '../../core/plugin/local-cloud.ts';

/** What a role may not do, or what is not there, in words. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** S3 as SageMaker uses it on behalf of a model: with the permissions of its role. */
export class RoleStorage {
  readonly #cloud: LocalCloud;
  readonly #roleArn: string;

  constructor(cloud: LocalCloud, roleArn: string) {
    this.#cloud = cloud;
    this.#roleArn = roleArn;
  }

  /** The keys of the objects whose names begin so. @throws {StorageError} where the role may not list them */
  async list(uri: string): Promise<readonly string[]> {
    const { bucket, key } = placeOf(uri);
    await this.require('s3:ListBucket', `arn:aws:s3:::${bucket}`);
    return this.#cloud.services.s3?.list(bucket, key).map((object) => object.key) ?? [];
  }

  /** @throws {StorageError} where the object is missing, or the role may not read it */
  async read(bucket: string, key: string): Promise<Buffer> {
    await this.require('s3:GetObject', `arn:aws:s3:::${bucket}/${key}`);
    const found = await this.#cloud.services.s3?.get(bucket, key);
    if (found === undefined) throw new StorageError(`there is no object s3://${bucket}/${key}`);
    return found.body;
  }

  /** @throws {StorageError} where the role may not write there, or there is no such bucket */
  async write(bucket: string, key: string, body: Buffer, contentType: string): Promise<void> {
    await this.require('s3:PutObject', `arn:aws:s3:::${bucket}/${key}`);
    try {
      await this.#cloud.services.s3?.put(bucket, key, body, contentType);
    } catch (error) {
      throw new StorageError((error as Error).message);
    }
  }

  /** @throws {StorageError} where the role's policies do not allow an action */
  async require(action: string, resource: string): Promise<void> {
    const denial = await this.#cloud.denial(this.#roleArn, [{ action, resource }]);
    if (denial !== undefined) throw new StorageError(denial);
  }
}

/** The bucket and the key of a URI. */
export function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { bucket, key };
}
