import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

/** Where requests and answers of an asynchronous endpoint lie, by key. */
export interface Payloads {
  /** @throws the service's error where the object can't be written before the signal aborts */
  put(key: string, body: string, signal: AbortSignal): Promise<void>;
  /** @throws the service's error where there is no such object, or it can't be read before the signal aborts */
  get(key: string, signal: AbortSignal): Promise<string>;
  /** Undefined where there is no such object. @throws the service's error, as for whom the bucket's list is closed */
  find(key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Also succeeds where there is no such object. @throws the service's error */
  delete(key: string, signal: AbortSignal): Promise<void>;
  /** The URI of a key, as SageMaker takes it. */
  uri(key: string): string;
  /**
   * The key of a URI.
   * @throws {Error} where the URI lies elsewhere
   */
  keyOf(uri: string): string;
}

/** The keys of what belongs to one request: what every variant is sent, and what its completion needs to know. */
export const inputKey = (requestName: string): string => `inputs/${requestName}.json`;
export const requestKey = (requestName: string): string => `requests/${requestName}.json`;

/** The objects of one bucket; one client for the life of the function. */
export function s3Payloads(bucket: string): Payloads {
  const client = new S3Client({ maxAttempts: 2 });
  const root = `s3://${bucket}/`;
  const get = async (Key: string, abortSignal: AbortSignal): Promise<string> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }), { abortSignal });
    return (await Body?.transformToString('utf8')) ?? '';
  };
  return {
    put: async (Key, Body, abortSignal) => {
      const command = new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'application/json' });
      await client.send(command, { abortSignal });
    },
    get,
    find: async (key, signal) => {
      try {
        return await get(key, signal);
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    delete: async (Key, abortSignal) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }), { abortSignal });
    },
    uri: (key) => `${root}${key}`,
    keyOf: (uri) => {
      if (!uri.startsWith(root)) throw new Error(`${uri} is not in the bucket ${bucket}`);
      return uri.slice(root.length);
    },
  };
}
