import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { quantity } from '../../../contract/fields/quantity.ts';
import { validate } from '../../../contract/fields/validation.ts';
import { ContractError, defineModel } from '../../../contract/model/model.ts';

const schema = z.strictObject({
  yield: quantity('kg/ha', {
    description: 'Grain yield',
    example: 3000,
    min: 0,
    max: 20_000,
    commodity: 'barley',
  }),
  depth: quantity('m', { description: 'Depth', example: 1 }).default(2),
});

const problems = (value: unknown) => {
  const result = validate(schema, { yield: value });
  return result.ok ? [] : result.errors;
};

describe('quantity', () => {
  it('takes a bare number in the declared unit', () => {
    expect(validate(schema, { yield: 1892.3 })).toEqual({ ok: true, value: { yield: 1892.3, depth: 2 } });
  });

  it('converts a value in another unit', () => {
    const result = validate(schema, {
      yield: { value: 43.7, unit: 'bu/acre' },
      depth: { value: 30, unit: 'cm' },
    });
    if (!result.ok) throw new Error('not valid');
    expect(result.value.yield).toBeCloseTo(43.7 * 53.8008556, 3);
    expect(result.value.depth).toBeCloseTo(0.3, 12);
  });

  it.each([
    [
      'a string that is a number',
      '12',
      '',
      'wrong-type',
      'Got the string "12". Send the number 12, without quotes.',
    ],
    ['another string', 'much', '', 'wrong-type', 'Got a string. Send a quantity'],
    ['a missing value', undefined, '', 'missing-field', 'Required. Send a quantity: 3000 (in kg/ha)'],
    ['null', null, '', 'wrong-type', 'Got null.'],
    ['an array', [1], '', 'wrong-type', 'Got an array.'],
    ['a boolean', true, '', 'wrong-type', 'Got a boolean.'],
    ['1e999', Number.POSITIVE_INFINITY, '', 'not-finite', 'too large'],
    [
      'an infinite value',
      { value: Number.NEGATIVE_INFINITY, unit: 'kg/ha' },
      '/value',
      'not-finite',
      'too large',
    ],
    ['a value without a unit', { value: 1 }, '/unit', 'missing-field', 'Required.'],
    ['a unit without a value', { unit: 'kg/ha' }, '/value', 'missing-field', 'Required.'],
    [
      'a string as value',
      { value: '1', unit: 'kg/ha' },
      '/value',
      'wrong-type',
      'Send the number 1, without quotes.',
    ],
    ['a number as unit', { value: 1, unit: 3 }, '/unit', 'wrong-type', 'Got a number.'],
    [
      'a further key',
      { value: 1, unit: 'kg/ha', err: 2 },
      '/err',
      'unknown-field',
      '"value" and "unit" only',
    ],
    [
      'a unit of another dimension',
      { value: 1, unit: 'kPa' },
      '/unit',
      'unit-dimension-mismatch',
      'measures pressure',
    ],
    ['an unknown unit', { value: 1, unit: 'foo' }, '/unit', 'unknown-unit', 'Send one of: kg/ha, bu/acre'],
    ['a bushel of wheat', { value: 1, unit: 'bu[wheat]/acre' }, '/unit', 'commodity-mismatch', '60 lb'],
    ['what overflows when converted', { value: 1e308, unit: 'kg/mm2' }, '/value', 'not-finite', 'too large'],
    ['too small', -1, '', 'out-of-bounds', 'Got -1 kg/ha. Send a value between 0 and 20000 kg/ha.'],
    [
      'too big once converted',
      { value: 21, unit: 't/ha' },
      '',
      'out-of-bounds',
      'Got 21 t/ha (21000 kg/ha).',
    ],
  ])('refuses %s', (_, value, path, code, detail) => {
    const [problem, ...more] = problems(value);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ path: `/yield${path}`, code });
    expect(problem?.detail).toContain(detail);
  });

  describe('in another unit', () => {
    const temperature = z.strictObject({
      warmth: quantity('degC', { description: 'Temperature', example: 20, min: -60, max: 60 }),
      free: quantity('degC', { description: 'Temperature', example: 20 }).optional(),
    });
    const read = (name: 'warmth' | 'free', value: unknown) =>
      validate(temperature, { warmth: 20, [name]: value });

    it.each([
      [140, 'degF', 60],
      [140.00000000000003, 'degF', 60],
      [-76, 'degF', -60],
      [333.15, 'K', 60],
      [213.15, 'K', -60],
    ])('takes %d %s for the bound that it is', (value, unit, expected) => {
      expect(read('warmth', { value, unit })).toEqual({ ok: true, value: { warmth: expected } });
    });

    it('shows a value that is hardly too large with the digits that say so', () => {
      const result = read('warmth', { value: 140.0000001, unit: 'degF' });
      const [problem] = result.ok ? [] : result.errors;

      expect(problem?.code).toBe('out-of-bounds');
      expect(problem?.detail).toBe(
        'Got 140.0000001 degF (60.0000001 degC). Send a value between -60 and 60 degC.',
      );
    });

    it.each([
      [{ value: -5, unit: 'K' }, 'Got -5 K (-278.15 degC), which is below absolute zero.'],
      [
        { value: -459.68, unit: 'degF' },
        'which is below absolute zero. Send a value of at least -273.15 degC.',
      ],
      [-273.16, 'Got -273.16 degC, which is below absolute zero.'],
    ])('refuses what is below absolute zero: %j', (value, detail) => {
      const result = read('free', value);
      const [problem] = result.ok ? [] : result.errors;

      expect(problem).toMatchObject({ path: '/free', code: 'out-of-bounds' });
      expect(problem?.detail).toContain(detail);
    });

    it.each([0, -459.67, -273.15])('takes absolute zero itself, however it is written: %d', (value) => {
      const unit = value === 0 ? 'K' : value === -273.15 ? 'degC' : 'degF';

      expect(read('free', { value, unit })).toMatchObject({ ok: true, value: { free: -273.15 } });
    });

    it('answers every number in every unit with a value within the bounds, or with a problem of it', () => {
      const anyDouble = fc
        .bigInt({ min: 0n, max: 2n ** 64n - 1n })
        .map((bits) => new Float64Array(new BigUint64Array([bits]).buffer)[0] ?? 0);
      const unit = fc.constantFrom('kg/ha', 'bu/acre', 'kg/mm2', 'yg/ha', 'degF', 'K', 'mt/ha', 'lb/ac');
      fc.assert(
        fc.property(anyDouble, unit, (value, text) => {
          const result = validate(schema, { yield: { value, unit: text } });
          if (!result.ok) {
            expect(result.errors).toHaveLength(1);
            return;
          }
          expect(result.value.yield).toBeGreaterThanOrEqual(0);
          expect(result.value.yield).toBeLessThanOrEqual(20_000);
        }),
        { numRuns: 1000 },
      );
    });

    it('advises no unit that it would refuse', () => {
      const mass = z.strictObject({
        load: quantity('kg', { description: 'Load', example: 100, commodity: 'barley' }),
      });
      const result = validate(mass, { load: { value: 1, unit: 'bu/acre' } });
      const [problem] = result.ok ? [] : result.errors;

      expect(problem?.detail).toBe(
        '"bu/acre" measures mass per area, but mass is expected. Send one of: kg, bu, g, t, lb.',
      );
    });
  });

  it('never lets anything pass but a finite number within the bounds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = validate(schema, { yield: value });
        if (!result.ok) {
          expect(result.errors.length).toBeGreaterThan(0);
          return;
        }
        expect(result.value.yield).toBeGreaterThanOrEqual(0);
        expect(result.value.yield).toBeLessThanOrEqual(20_000);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'bushels without a commodity',
      quantity('bu/acre', { description: 'Yield', example: 40 }),
      'a bushel of an unnamed commodity',
    ],
    [
      'an unknown unit',
      quantity('degFF', { description: 'Yield', example: 40 }),
      '"degFF" is not a known unit.',
    ],
    [
      'swapped bounds',
      quantity('m', { description: 'Yield', example: 40, min: 100, max: 10 }),
      'min (100) is greater than max (10)',
    ],
    [
      'expectations beyond its bounds',
      quantity('m', { description: 'Yield', example: 1, max: 10, expected: { max: 20 } }),
      'expected.max (20) is above max (10)',
    ],
  ])('is refused with its name in a model that declares %s', (_, field, problem) => {
    const declare = () =>
      defineModel({
        name: 'harvest',
        version: '1.0.0',
        title: 'Harvest',
        description: 'Harvest.',
        input: z.strictObject({}),
        output: z.object({ yield: field }),
        predict: () => ({ yield: 1 }),
      });
    expect(declare).toThrow(ContractError);
    expect(declare).toThrow(`output.yield: `);
    expect(declare).toThrow(problem);
  });
});
