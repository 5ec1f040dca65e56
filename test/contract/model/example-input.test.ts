import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineModel, quantity } from '../../../contract/index.ts';
import { exampleInput, exampleTensors } from '../../../contract/model/example-input.ts';

const declaration = {
  name: 'length',
  version: '1.0.0',
  title: 'Length',
  description: 'A length.',
  input: z.strictObject({
    length: quantity('m', { description: 'A length', example: 3 }),
    label: z
      .string()
      .default('none')
      .meta({ description: 'A label', examples: ['a'] }),
  }),
  output: z.object({ length: quantity('m', { description: 'A length', example: 3 }) }),
  artifact: 'model.onnx',
} as const;

describe("a contract's own example", () => {
  it('is what a model gets of it: validated', () => {
    const model = defineModel({ ...declaration, preprocess: () => [], postprocess: () => [] });
    expect(exampleInput(model)).toEqual({ length: 3, label: 'a' });
  });

  it('becomes tensors by the preprocess of the model', () => {
    const model = defineModel({
      ...declaration,
      preprocess: (inputs) => [
        { name: 'x', shape: [inputs.length], datatype: 'FP64', data: inputs.map(({ length }) => length) },
      ],
      postprocess: () => [],
    });
    expect(exampleTensors(model)).toEqual([{ name: 'x', shape: [1], datatype: 'FP64', data: [3] }]);
  });
});
