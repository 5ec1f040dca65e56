import { MAX_INPUTS } from '../api/routes.ts';
import { imageFields } from '../fields/image.ts';
import { tooManyBytes } from '../images/image-check.ts';
import type { ImageFault } from '../images/image-fault.ts';
import { ReceivedImage } from '../images/received-image.ts';
import type { Model } from '../model/model.ts';
import type { ProblemItem } from '../problems/problems.ts';

type ModelInput = Pick<Model, 'input'>;

/** How many inputs one request to a model may hold: fewer where they are images. */
export function maxInputs({ input }: ModelInput): number {
  const declared = [...imageFields(input).values()].map(({ maxPerRequest }) => maxPerRequest);
  return Math.min(MAX_INPUTS, ...declared);
}

/** The length of a body's list of inputs where no request may hold so many, whatever they are; else undefined. */
export function excessiveInputs(model: ModelInput, body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('inputs' in body) || !Array.isArray(body.inputs)) return;
  return body.inputs.length > maxInputs(model) ? body.inputs.length : undefined;
}

/**
 * What is too much in all images of a request together, for each field. Every single one has been checked; a list of
 * them has to be decoded in the same time and memory.
 */
export function totalProblems(
  { input }: ModelInput,
  inputs: readonly Readonly<Record<string, unknown>>[],
): readonly ProblemItem[] {
  if (inputs.length < 2) return [];
  return [...imageFields(input)].flatMap(([name, { maxPixels, maxBytes }]) => {
    const images = inputs.map((values) => values[name]).filter((value) => value instanceof ReceivedImage);
    const bytes = images.reduce((sum, { content }) => sum + content.length, 0);
    const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0);
    const faults: ImageFault[] = [];
    if (bytes > maxBytes) faults.push(tooManyBytes(bytes, maxBytes));
    if (pixels > maxPixels) {
      faults.push({
        code: 'image-too-many-pixels',
        detail: `The images of "${name}" come to ${pixels} pixels; one request holds at most ${maxPixels}. Send fewer images in one request.`,
      });
    }
    return faults.map((fault) => ({ path: '/inputs', ...fault }));
  });
}
