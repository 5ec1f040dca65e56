import { createHash } from 'node:crypto';
import { FileSystem } from 'aws-cdk-lib/core';
import type { Hosting } from '../../contract/deployment.ts';

/** What is built for a model that has an endpoint. */
export interface ServingBuild {
  /** The model's `model.tar.gz`. */
  readonly archive: string;
  /** The build context of the model server's image. */
  readonly imageFolder: string;
}

/**
 * A hash of what an endpoint serves: the model, the server, and what each instance of it is. How many instances there are
 * is not a part of it.
 */
export function servingContent({ archive, imageFolder }: ServingBuild, hosting: Hosting): string {
  const instance = 'memoryMb' in hosting ? { memoryMb: hosting.memoryMb } : {};
  const parts = [FileSystem.fingerprint(archive), FileSystem.fingerprint(imageFolder), instance];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
