/** S3 as the other services of the local cloud see it. Permissions are the caller's to check. */
export interface S3Service {
  /** Undefined where there is no such object. */
  get(bucket: string, key: string): Promise<StoredObject | undefined>;
  /** In the order of their keys; none where no template declares the bucket. */
  list(bucket: string, prefix: string): readonly ObjectSummary[];
  /** @throws {Error} where no template declares the bucket */
  put(bucket: string, key: string, body: Buffer, contentType: string): Promise<void>;
}

/** What is known of an object besides its content. */
export interface ObjectSummary {
  readonly key: string;
  readonly contentType: string;
  /** The MD5 of the content, in hexadecimal digits. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

export interface StoredObject extends ObjectSummary {
  readonly body: Buffer;
}

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    s3?: S3Service;
  }
}
