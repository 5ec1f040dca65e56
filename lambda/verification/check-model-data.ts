import { logger } from '../observability.ts';
import { type Patience, patiently, VerificationFailed } from './patience.ts';
import type { DeclaredObject } from './stored-checksum.ts';

/**
 * Compares the SHA-256 that S3 holds of a model's data with the declared one. That S3 holds none, or does not say, is told
 * in the log alone: the data may have been uploaded in parts, and their bucket may be closed to all but SageMaker.
 * @throws {VerificationFailed} where the two differ
 */
export async function checkModelData(
  patience: Patience,
  data: DeclaredObject,
  storedSha256: () => Promise<string | undefined>,
): Promise<void> {
  const place = `s3://${data.bucket}/${data.key}`;
  let stored: string | undefined;
  try {
    stored = await patiently(patience, storedSha256);
  } catch (error) {
    if (!(error instanceof VerificationFailed)) throw error;
    logger.warn('model data not checked', { place, reason: error.message });
    return;
  }
  if (stored === undefined) {
    logger.warn('model data not checked', { place, reason: 'S3 holds no SHA-256 of the whole object' });
    return;
  }
  if (stored === data.sha256) return;
  throw new VerificationFailed(
    `The model data ${place} have the SHA-256 ${stored}, and not ${data.sha256} as declared: the object is another one than this deployment is about.`,
  );
}
