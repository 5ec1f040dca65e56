import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { readEnvironment } from '../environment.ts';
import type { Uploads } from './uploads.ts';

/** The uploads in the bucket that the environment names; one client for the life of the function. */
export function s3Uploads(): Uploads {
  const { UPLOAD_BUCKET } = readEnvironment(['UPLOAD_BUCKET']);
  const client = new S3Client({ maxAttempts: 2 });
  return {
    read: async (Key, maxBytes, abortSignal) => {
      const command = new GetObjectCommand({ Bucket: UPLOAD_BUCKET, Key });
      try {
        const { Body, ContentLength = 0, ContentType = '' } = await client.send(command, { abortSignal });
        if (ContentLength > maxBytes) {
          // Unread, it would keep its connection.
          if (Body !== undefined && 'destroy' in Body) Body.destroy();
          return { bytes: ContentLength };
        }
        const content = (await Body?.transformToByteArray()) ?? new Uint8Array(0);
        return { contentType: ContentType, content };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
