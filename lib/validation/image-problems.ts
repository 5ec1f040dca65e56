import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { takesImages } from '../../contract/fields/image.ts';
import type { Model } from '../../contract/model/model.ts';
import { imageMemoryMb } from '../functions/image-memory.ts';

/** What keeps a function from decoding the images that its model takes. */
export function imageProblems({
  model,
  settings: { hosting },
}: {
  readonly model: Pick<Model, 'input'>;
  readonly settings: Pick<DeploymentSettings, 'hosting'>;
}): string[] {
  if (hosting.mode !== 'lambda' || !takesImages(model)) return [];
  const neededMb = imageMemoryMb(model);
  if (hosting.memoryMb >= neededMb) return [];
  return [
    `hosting.memoryMb is ${hosting.memoryMb}, and decoding the largest image that the model takes needs ${neededMb} MB. Declare at least ${neededMb}, or a smaller maxPixels in model.ts.`,
  ];
}
