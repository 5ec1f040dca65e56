import { z } from 'zod';
import { defineModel, quantity, unitConverter } from '../../contract/index.ts';

/** What the trainer's pipeline was fitted with, in its own words. */
const VARIETIES = [
  'Glabron',
  'Manchuria',
  'No. 457',
  'No. 462',
  'No. 475',
  'Peatland',
  'Svansota',
  'Trebi',
  'Velvet',
  'Wisconsin No. 38',
] as const;

const SITES = ['Crookston', 'Duluth', 'Grand Rapids', 'Morris', 'University Farm', 'Waseca'] as const;

/** The model was trained in the unit that the trials were published in; the contract states what leaves the API. */
const toKilogramsPerHectare = unitConverter('bu/acre', 'kg/ha', 'barley');

export const model = defineModel({
  name: 'barley-yield',
  version: '1.0.0',
  title: 'Barley yield',
  description:
    'Yield of a barley variety at a Minnesota trial site, from the 1931 trials published by Immer, Hayes and Powers (Journal of the American Society of Agronomy 26, 1934).',
  input: z.strictObject({
    variety: z.enum(VARIETIES).meta({ description: 'The barley variety', examples: ['Trebi'] }),
    site: z.enum(SITES).meta({ description: 'The trial site', examples: ['Waseca'] }),
  }),
  output: z.object({
    yield: quantity('kg/ha', {
      description: 'Grain yield',
      example: 3213,
      min: 0,
      max: 20_000,
      commodity: 'barley',
    }),
  }),
  artifact: 'model.onnx',
  preprocess: (inputs) => [
    {
      name: 'variety',
      shape: [inputs.length, 1],
      datatype: 'BYTES',
      data: inputs.map(({ variety }) => variety),
    },
    { name: 'site', shape: [inputs.length, 1], datatype: 'BYTES', data: inputs.map(({ site }) => site) },
  ],
  postprocess: (outputs) => {
    const yields = outputs.find(({ name }) => name === 'yield_bu_per_acre')?.data ?? [];
    return yields.map((value) => ({ yield: toKilogramsPerHectare(Number(value)) }));
  },
});
