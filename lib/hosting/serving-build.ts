import { createHash } from 'node:crypto';
import { FileSystem } from 'aws-cdk-lib/core';
import type { Container, ModelData } from '../../contract/containers.ts';

/** What is built for a model that has an endpoint. */
export interface ServingBuild {
  /** The model's `model.tar.gz`; absent where the data lies in S3 already. */
  readonly archive?: string | undefined;
  /** The build context of the container's image; absent where the image lies in a repository already. */
  readonly imageFolder?: string | undefined;
}

/** What of an endpoint's declaration decides what it serves. */
export interface Served {
  /** The memory of one instance, in MB, where that is declared. */
  readonly memoryMb?: number | undefined;
  readonly container: Container;
  /** @default - the archive that was built */
  readonly modelData?: ModelData | undefined;
}

/**
 * A hash of what an endpoint serves: the model, the server, and what each instance of it is. How many instances there are
 * is not a part of it.
 */
export function servingContent({ archive, imageFolder }: ServingBuild, served: Served): string {
  const built = [archive, imageFolder].map((path) => path && FileSystem.fingerprint(path));
  const { memoryMb, container, modelData } = served;
  const parts = [built, memoryMb, container, modelData];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
