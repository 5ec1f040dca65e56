import { createHash } from 'node:crypto';
import { FileSystem } from 'aws-cdk-lib/core';
import type { ModelData } from '../../contract/deployment/containers.ts';
import type { EndpointHosting } from '../../contract/deployment/deployment.ts';

/** What is built for a model that has an endpoint. */
export interface ServingBuild {
  /** The model's `model.tar.gz`; absent where the data lies in S3 already. */
  readonly archive?: string | undefined;
  /** The build context of the container's image; absent where the image lies in a repository already. */
  readonly imageFolder?: string | undefined;
}

/**
 * A hash of what an endpoint serves: the model, the server, and what each instance of it is. How many instances there are
 * is not a part of it.
 * @param modelData what lies in S3 instead of the archive that was built
 */
export function servingContent(
  { archive, imageFolder }: ServingBuild,
  hosting: EndpointHosting,
  modelData?: ModelData,
): string {
  const built = [archive, imageFolder].map((path) => path && FileSystem.fingerprint(path));
  const instance = 'memoryMb' in hosting ? { memoryMb: hosting.memoryMb } : {};
  const parts = [built, instance, hosting.container, modelData];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
