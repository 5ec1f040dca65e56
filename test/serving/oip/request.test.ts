import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InferenceError } from '../../../serving/oip/error.ts';
import { parseRequest } from '../../../serving/oip/request.ts';
import { serialiseTensor } from '../../../serving/oip/response.ts';
import type { Tensor } from '../../../serving/oip/tensor.ts';
import { anyTensor } from './tensors.ts';

const input = (fields: object) =>
  JSON.stringify({ inputs: [{ name: 'x', shape: [2], datatype: 'FP32', data: [1, 2], ...fields }] });

function refusal(body: string): InferenceError {
  try {
    parseRequest(body);
  } catch (error) {
    if (error instanceof InferenceError) return error;
    throw error;
  }
  throw new Error('the request was accepted');
}

describe('a request', () => {
  it('is decoded with its id, its tensors and the outputs it asks for', () => {
    const request = parseRequest(
      JSON.stringify({
        id: 'r1',
        parameters: { priority: 1 },
        inputs: [{ name: 'x', shape: [1, 2], datatype: 'INT8', data: [[-128, 127]] }],
        outputs: [{ name: 'y' }],
      }),
    );

    expect(request).toEqual({
      id: 'r1',
      inputs: [{ name: 'x', shape: [1, 2], datatype: 'INT8', data: new Int8Array([-128, 127]) }],
      outputs: ['y'],
    });
  });

  it('asks for all outputs when it names none', () => {
    expect(parseRequest(input({})).outputs).toBeUndefined();
    expect(parseRequest(`${input({}).slice(0, -1)},"outputs":[]}`).outputs).toBeUndefined();
  });

  it('keeps the value of every tensor that is written as JSON', () => {
    fc.assert(
      fc.property(anyTensor, (tensor) => {
        const [parsed] = parseRequest(`{"inputs":[${inRequest(tensor)}]}`).inputs;

        expect(parsed).toEqual(tensor);
      }),
    );
  });

  it('reads nested data like flat data', () => {
    const nested = parseRequest(input({ shape: [2, 1, 2], data: [[[1, 2]], [[3, 4]]] }));
    const flat = parseRequest(input({ shape: [2, 1, 2], data: [1, 2, 3, 4] }));
    expect(nested).toEqual(flat);
  });

  it('reads a scalar of rank 0', () => {
    expect(parseRequest(input({ shape: [], data: [5] })).inputs[0]?.data).toEqual(new Float32Array([5]));
  });
});

/** A tensor as a request has it: 64-bit integers, which a response writes as numbers, are strings. */
function inRequest(tensor: Tensor): string {
  const { data } = tensor;
  const is64Bit = data instanceof BigInt64Array || data instanceof BigUint64Array;
  return is64Bit
    ? JSON.stringify({ ...tensor, data: Array.from<bigint>(data).map(String) })
    : serialiseTensor(tensor);
}

describe('a malformed request is refused with 400', () => {
  const cases: readonly (readonly [string, string, string | RegExp])[] = [
    ['no JSON', 'x=1', 'the body is not valid JSON'],
    ['empty', '', 'the body is not valid JSON'],
    ['not an object', '[]', /^body: .*expected object/],
    ['no inputs', '{}', /^inputs: /],
    ['empty inputs', '{"inputs":[]}', /^inputs: /],
    ['unknown key', `${input({}).slice(0, -1)},"extra":1}`, /extra/],
    ['unknown datatype', input({ datatype: 'FP16' }), /^inputs\[0\]\.datatype: /],
    ['negative dimension', input({ shape: [-1] }), /^inputs\[0\]\.shape\[0\]: /],
    ['huge dimension', input({ shape: [1e15] }), /^inputs\[0\]\.shape\[0\]: /],
    ['rank of 33', input({ shape: Array(33).fill(1), data: [1] }), /^inputs\[0\]\.shape: /],
    ['data not a list', input({ data: 'ab' }), /^inputs\[0\]\.data: expected an array/],
    ['too few values', input({ data: [1] }), 'input "x": shape [2] holds 2 values, but data holds 1'],
    ['too many values', input({ data: [1, 2, 3] }), 'input "x": shape [2] holds 2 values, but data holds 3'],
    [
      'ragged data',
      input({ shape: [2, 2], data: [[1, 2], [3]] }),
      /nested data does not have the shape \[2, 2\]/,
    ],
    ['half nested', input({ shape: [2, 1], data: [[1], 2] }), /nested data does not have the shape/],
    ['nested too deep', input({ shape: [1, 2], data: [[[1], [2]]] }), /nested data does not have the shape/],
    ['string as number', input({ data: ['1', 2] }), /data\[0\] is not a number within the range of FP32/],
    ['null', input({ data: [1, null] }), /data\[1\] is not a number/],
    ['infinite by overflow', input({}).replace('[1,2]', '[1,1e999]'), /data\[1\] is not a number within/],
    ['beyond FP32', input({ data: [1, 1e39] }), /data\[1\] is not a number within the range of FP32/],
    [
      'fraction as integer',
      input({ datatype: 'INT32', data: [1, 1.5] }),
      /data\[1\] is not an integer from -2147483648/,
    ],
    [
      'beyond UINT8',
      input({ datatype: 'UINT8', data: [256, 0] }),
      /data\[0\] is not an integer from 0 to 255/,
    ],
    ['number as boolean', input({ datatype: 'BOOL', data: [1, true] }), /data\[0\] is not true or false/],
    ['number as string', input({ datatype: 'BYTES', data: ['a', 1] }), /data\[1\] is not a string/],
    [
      'rounded INT64',
      input({ datatype: 'INT64', data: [2 ** 53, 0] }),
      /data\[0\] is not an integer .* as a string of digits/,
    ],
    [
      'beyond INT64',
      input({ datatype: 'INT64', data: ['9223372036854775808', 0] }),
      /data\[0\] is not an integer/,
    ],
    ['text as INT64', input({ datatype: 'INT64', data: ['0x10', 0] }), /data\[0\] is not an integer/],
  ];

  it.each(cases)('%s', (_, body, message) => {
    const error = refusal(body);
    expect(error.status).toBe(400);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it('a tensor given twice', () => {
    const twice = JSON.parse(input({})).inputs[0];
    expect(refusal(JSON.stringify({ inputs: [twice, twice] })).message).toBe('input "x" is given twice');
  });

  it('without values of the payload in the message', () => {
    expect(refusal('{"secret": 4711').message).not.toContain('4711');
    expect(refusal(input({ data: ['secret', 1] })).message).not.toContain('secret');
  });

  it('whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(refusal(json).status).toBe(400);
      }),
    );
  });
});
