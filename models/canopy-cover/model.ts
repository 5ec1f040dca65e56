import { z } from 'zod';
import { defineModel, image, quantity } from '../../contract/index.ts';
import { decodeImage } from '../../imaging/decode-image.ts';

/**
 * Larger photographs are scaled down to this, by averaging areas: a quarter of a million pixels give a share to a fraction
 * of a percent, and a hundred times more would have to travel to the model as numbers.
 */
const LONGEST_SIDE = 512;

export const model = defineModel({
  name: 'canopy-cover',
  version: '1.0.0',
  title: 'Canopy cover',
  description:
    'The share of the ground that green plants cover, in a photograph taken straight down. A pixel is plant where its excess green (2g - r - b of its chromatic coordinates; Woebbecke et al. 1995) is above 0.1.',
  input: z.strictObject({
    photo: image({
      description: 'The ground from above, in daylight',
      maxPixels: 24_000_000,
      maxBytes: 20_000_000,
    }),
  }),
  output: z.object({
    canopyCover: quantity('%', {
      description: 'Share of the pixels that are plant',
      example: 50,
      min: 0,
      max: 100,
    }),
  }),
  artifact: 'model.onnx',
  preprocess: (inputs) => {
    const photos = inputs.map(({ photo }) => decodeImage(photo, { longestSide: LONGEST_SIDE }).rgb);
    // A list of photographs goes as one tensor: shorter ones are filled up with black, which is never plant.
    const longest = Math.max(...photos.map(({ length }) => length));
    const pixels = new Uint8Array(longest * photos.length);
    for (const [index, photo] of photos.entries()) pixels.set(photo, index * longest);
    return [
      { name: 'pixels', shape: [photos.length, longest / 3, 3], datatype: 'FP32', data: Array.from(pixels) },
      {
        name: 'count',
        shape: [photos.length, 1],
        datatype: 'FP64',
        data: photos.map(({ length }) => length / 3),
      },
    ];
  },
  postprocess: (outputs) => {
    const shares = outputs.find(({ name }) => name === 'percent')?.data ?? [];
    return shares.map((percent) => ({ canopyCover: Number(percent) }));
  },
});
