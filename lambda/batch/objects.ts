import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** An object as a listing tells of it. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

/** An object is not any more what it was when reading it began. */
export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
}

/** The objects of a batch bucket. Every method throws the service's error where the service fails. */
export interface BatchObjects {
  /** In the order of their keys, beginning behind `after`. */
  list(prefix: string, after?: string): AsyncIterable<ListedObject>;
  /** The content from an offset on, in pieces. @throws {ObjectChanged} */
  read(object: ListedObject, offset: number): Promise<AsyncIterable<Uint8Array>>;
  get(key: string): Promise<string>;
  put(key: string, body: string): Promise<void>;
  /** A key as SageMaker takes it. */
  uri(key: string): string;
}

/** The status of a request whose condition does not hold. */
const PRECONDITION_FAILED = 412;

/** The objects of one bucket in S3; one client for the life of the function. */
export function s3BatchObjects(bucket: string): BatchObjects {
  const client = new S3Client({});
  return {
    async *list(Prefix, after) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix, StartAfter: after, ContinuationToken }),
        );
        for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? [])
          yield { key: Key, size: Size, etag: ETag };
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    read: async ({ key, etag }, offset) => {
      // The first byte of an empty object can't be asked for, so a range is named only where one is meant.
      const Range = offset === 0 ? undefined : `bytes=${offset}-`;
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag, Range });
      try {
        const { Body } = await client.send(command);
        if (!(Body instanceof Readable)) throw new Error(`${key} has no content to read`);
        return Body;
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        if (error.$metadata.httpStatusCode !== PRECONDITION_FAILED) throw error;
        throw new ObjectChanged(`${key} was changed while it was read. Start again once it is complete.`);
      }
    },
    get: async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return (await Body?.transformToString('utf8')) ?? '';
    },
    put: async (Key, Body) => {
      const ContentType = Key.endsWith('.jsonl') ? 'application/jsonl' : 'application/json';
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
    },
    uri: (key) => `s3://${bucket}/${key}`,
  };
}
