import { Tensor as OnnxTensor } from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import type { Datatype, Tensor } from '../../../contract/tensors/tensors.ts';
import { fromOnnx, toOnnx } from '../../../lambda/predictors/onnx-tensors.ts';

const tensor = (datatype: Datatype, data: Tensor['data']): Tensor => ({
  name: 'x',
  shape: [data.length],
  datatype,
  data,
});

describe('a tensor on its way to ONNX Runtime and back', () => {
  it.each<[Datatype, string, Tensor['data']]>([
    ['BOOL', 'bool', [true, false]],
    ['UINT8', 'uint8', [0, 255]],
    ['UINT16', 'uint16', [0, 65_535]],
    ['UINT32', 'uint32', [0, 4_294_967_295]],
    ['UINT64', 'uint64', [0, 9_007_199_254_740_991]],
    ['INT8', 'int8', [-128, 127]],
    ['INT16', 'int16', [-32_768, 32_767]],
    ['INT32', 'int32', [-2_147_483_648, 2_147_483_647]],
    ['INT64', 'int64', [-9_007_199_254_740_991, 5]],
    ['FP32', 'float32', [0.5, -2]],
    ['FP64', 'float64', [0.1, 1e300]],
    ['BYTES', 'string', ['Trebi', '']],
  ])('keeps %s as it is', (datatype, type, data) => {
    const onnx = toOnnx(tensor(datatype, data));
    expect(onnx.type).toBe(type);
    expect(fromOnnx('x', onnx)).toEqual(tensor(datatype, data));
  });

  it('rounds to float32 as the type does', () => {
    const { data } = fromOnnx('x', toOnnx(tensor('FP32', [0.1])));
    expect(data).toEqual([Math.fround(0.1)]);
  });

  it('carries 64-bit integers as strings of digits, whole', () => {
    const onnx = toOnnx(tensor('INT64', ['9223372036854775807']));
    expect(onnx.data).toEqual(BigInt64Array.from([9_223_372_036_854_775_807n]));
  });

  it.each<[Datatype, Tensor['data']]>([
    ['UINT8', [1, 256]],
    ['INT8', [1, -129]],
    ['INT32', [1, 1.5]],
    ['INT32', [1, '2']],
    ['INT64', [1, 1.5]],
    ['INT64', [1, 2 ** 53]],
    ['INT64', [1, '9223372036854775808']],
    ['UINT64', [1, -1]],
    ['FP32', [1, 1e39]],
    ['FP32', [1, '2']],
    ['FP64', [1, Number.NaN]],
    ['BOOL', [true, 1]],
    ['BYTES', ['a', 1]],
  ])('is refused as %s where %j would change', (datatype, data) => {
    expect(() => toOnnx(tensor(datatype, data))).toThrow(`"x": data[1] does not fit ${datatype}`);
  });

  it('is refused as FP16', () => {
    const half = new OnnxTensor('float16', new Uint16Array([1]), [1]);
    expect(() => fromOnnx('x', half)).toThrow('"x" is float16: cast it in the model');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is refused where the model answered %d', (value) => {
    const answer = new OnnxTensor('float64', Float64Array.from([1, value]), [2]);
    expect(() => fromOnnx('x', answer)).toThrow(
      '"x": the model answered something that is not finite at [1]',
    );
  });
});
