import { describe, expect, it } from 'vitest';
import { checkRequest, type ModelSignature } from '../../../serving/oip/metadata.ts';
import type { Tensor } from '../../../serving/oip/tensor.ts';

const signature: ModelSignature = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    { name: 'site', datatype: 'BYTES', shape: [-1, 1] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
};
const x: Tensor = { name: 'x', datatype: 'FP32', shape: [1, 2], data: new Float32Array(2) };
const site: Tensor = { name: 'site', datatype: 'BYTES', shape: [1, 1], data: ['Waseca'] };

describe('a request to a model', () => {
  it('fits with every input, in any order and with any number of rows', () => {
    const rows: Tensor = { ...x, shape: [3, 2], data: new Float32Array(6) };
    expect(() => checkRequest(signature, { inputs: [site, rows], outputs: ['y'] })).not.toThrow();
  });

  it('is refused with everything that does not fit', () => {
    const inputs: Tensor[] = [
      { ...x, datatype: 'FP64', shape: [2], data: new Float64Array(2) },
      { ...site, name: 'town' },
    ];

    expect(() => checkRequest(signature, { inputs, outputs: ['z'] })).toThrow(
      expect.objectContaining({
        status: 400,
        message: [
          'input "x" is FP32, not FP64',
          'input "x" has the shape [-1, 2], not [2]',
          'input "site" is missing',
          'the model has no input "town" (it has x, site)',
          'the model has no output "z" (it has y)',
        ].join('; '),
      }),
    );
  });

  it('is refused if a fixed dimension differs', () => {
    const wide: Tensor = { ...x, shape: [1, 3], data: new Float32Array(3) };
    expect(() => checkRequest(signature, { inputs: [wide, site] })).toThrow(
      'has the shape [-1, 2], not [1, 3]',
    );
  });
});
