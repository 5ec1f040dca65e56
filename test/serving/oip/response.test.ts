import { describe, expect, it } from 'vitest';
import { serialiseResponse } from '../../../serving/oip/response.ts';
import type { Tensor } from '../../../serving/oip/tensor.ts';

const respond = (output: Tensor) => serialiseResponse({ model: 'm', outputs: [output] });

describe('a response', () => {
  it('names the model, its version, the id and the outputs', () => {
    const json = serialiseResponse({
      model: 'barley-yield',
      version: '1.0.0',
      id: 'r1',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [2, 1], data: new Float32Array([0.5, -2]) }],
    });

    expect(JSON.parse(json)).toEqual({
      model_name: 'barley-yield',
      model_version: '1.0.0',
      id: 'r1',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [2, 1], data: [0.5, -2] }],
    });
  });

  it('leaves out what the model and the request do not have', () => {
    const json = respond({ name: 'y', datatype: 'BOOL', shape: [2], data: new Uint8Array([0, 1]) });
    expect(json).toBe(
      '{"model_name":"m","outputs":[{"name":"y","datatype":"BOOL","shape":[2],"data":[false,true]}]}',
    );
  });

  it('writes 64-bit integers with all their digits', () => {
    const data = new BigInt64Array([9007199254740993n, -1n]);
    expect(respond({ name: 'y', datatype: 'INT64', shape: [2], data })).toContain(
      '"data":[9007199254740993,-1]',
    );
  });

  it('escapes strings', () => {
    const json = respond({ name: 'y', datatype: 'BYTES', shape: [1], data: ['a"\n\u2028é'] });
    expect(JSON.parse(json).outputs[0].data).toEqual(['a"\n\u2028é']);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, naming the tensor and the index', (value) => {
    expect(() =>
      respond({ name: 'y', datatype: 'FP64', shape: [2], data: new Float64Array([1, value]) }),
    ).toThrow(
      expect.objectContaining({
        status: 500,
        message: `output "y": the model answered ${value} at data[1], which JSON can't carry`,
      }),
    );
  });
});
