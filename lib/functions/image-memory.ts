import { imageFields } from '../../contract/fields/image.ts';
import type { Model } from '../../contract/model/model.ts';

/**
 * Memory of a function that decodes images, in MB: for Node.js, the code, the model's runtime, a request and its tensors;
 * and for each million pixels. Measured on Linux: decoding JPEG took 33 bytes a pixel at its highest, PNG 15.
 */
const OWN_MEMORY_MB = 512;
const MEMORY_PER_MEGAPIXEL_MB = 40;

/** What a function needs that decodes the largest images that a model takes, in MB. */
export function imageMemoryMb({ input }: Pick<Model, 'input'>): number {
  const pixels = Math.max(0, ...[...imageFields(input).values()].map(({ maxPixels }) => maxPixels));
  return OWN_MEMORY_MB + Math.ceil((MEMORY_PER_MEGAPIXEL_MB * pixels) / 1_000_000);
}
