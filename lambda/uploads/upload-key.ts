import { createHash } from 'node:crypto';

/** Long enough that nobody finds another caller with the same. */
const OWNER_DIGITS = 32;

/**
 * The key of an upload. It holds who may use it, as a digest: another caller's id leads to a key under which nothing lies,
 * and the bucket names nobody.
 */
export function uploadKey(identity: string, uploadId: string): string {
  const owner = createHash('sha256').update(identity).digest('hex').slice(0, OWNER_DIGITS);
  return `uploads/${owner}/${uploadId}`;
}
