import { describe, expect, it } from 'vitest';
import { packRows } from '../../../lambda/batch/packing.ts';
import { type Row, rowOf } from '../../../lambda/batch/rows.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { REQUEST_ID, served } from '../support/ports.ts';

const rows = (areas: readonly number[]): Row[] =>
  areas.map((area, index) => ({ line: index + 1, id: `f${index}`, input: { area } }));

const asked = (model: typeof served) => ({ model, codec: codecNamed('oip') });

const areasOf = (body: string | undefined) =>
  body === undefined ? undefined : JSON.parse(body).inputs[0].data;

describe('rows on their way to the model', () => {
  it('travel in one request where they fit', () => {
    const [packed, ...others] = packRows(asked(served), rows([1, 2, 3]), REQUEST_ID);

    expect(others).toEqual([]);
    expect(packed?.rows).toEqual(rows([1, 2, 3]));
    expect(JSON.parse(packed?.body ?? '')).toEqual({
      id: REQUEST_ID,
      inputs: [{ name: 'area', shape: [3, 1], datatype: 'FP32', data: [1, 2, 3] }],
    });
  });

  it('are divided where they are too large together, in their order', () => {
    const many = rows(Array.from({ length: 40 }, (_, index) => index));
    const packed = packRows(asked(served), many, REQUEST_ID, 170);

    expect(packed.length).toBeGreaterThan(1);
    expect(packed.flatMap((one) => one.rows)).toEqual(many);
    expect(packed.flatMap(({ body }) => areasOf(body))).toEqual(many.map((_, index) => index));
    for (const { body } of packed) expect(Buffer.byteLength(body ?? '')).toBeLessThanOrEqual(170);
  });

  it('of which one is too large by itself lose it to a problem, and no other', () => {
    const wide = {
      ...served,
      preprocess: (inputs: readonly { area: number }[]) => [
        {
          name: 'text',
          shape: [inputs.length, 1],
          datatype: 'BYTES' as const,
          data: inputs.map(({ area }) => 'x'.repeat(area)),
        },
      ],
    };
    const packed = packRows(asked(wide), rows([1, 500, 2]), REQUEST_ID, 300);

    expect(packed.flatMap((one) => one.rows)).toMatchObject([
      { line: 1, input: { area: 1 } },
      { line: 2, id: 'f1', problem: { code: 'payload-too-large', instance: `urn:uuid:${REQUEST_ID}` } },
      { line: 3, input: { area: 2 } },
    ]);
  });

  it('of which preprocessing fails on some lose those to problems', () => {
    const picky = {
      ...served,
      preprocess: (inputs: readonly { area: number }[]) => {
        if (inputs.some(({ area }) => area === 13)) throw new Error('unlucky 13');
        return served.preprocess(inputs);
      },
    };
    const [packed] = packRows(asked(picky), rows([1, 13, 3, 13]), REQUEST_ID);

    expect(areasOf(packed?.body)).toEqual([1, 3]);
    expect(packed?.rows.map((row) => ('problem' in row ? row.problem.code : row.line))).toEqual([
      1,
      'model-error',
      3,
      'model-error',
    ]);
    expect(JSON.stringify(packed?.rows)).not.toContain('unlucky');
  });

  it('fail as a whole where preprocessing takes each but not all: that is no row', () => {
    const lonely = {
      ...served,
      preprocess: (inputs: readonly { area: number }[]) => {
        if (inputs.length > 1) throw new Error('one at a time');
        return served.preprocess(inputs);
      },
    };

    expect(() => packRows(asked(lonely), rows([1, 2]), REQUEST_ID)).toThrow('one at a time');
  });

  it('ask nothing where all are bad', () => {
    const bad = [rowOf(served, { number: 1, text: 'nonsense', size: 8, end: 8 }, REQUEST_ID)];

    expect(packRows(asked(served), bad, REQUEST_ID)).toEqual([{ rows: bad, body: undefined }]);
  });
});

describe('a row', () => {
  const row = (text: string | undefined, flaw?: 'too-long' | 'not-utf8') =>
    rowOf(served, { number: 3, text, size: 1, end: 1, ...(flaw && { flaw }) }, REQUEST_ID);

  it('is an input, or says by a code why it is none', () => {
    expect(row('{"id":"a","input":{"area":2}}')).toEqual({ line: 3, id: 'a', input: { area: 2 } });
    expect(row('{"id":"a","input":{"area":"2"}}')).toMatchObject({
      line: 3,
      id: 'a',
      problem: { code: 'invalid-input', status: 422, errors: [{ path: '/input/area' }] },
    });
    expect(row('{')).toMatchObject({ line: 3, problem: { code: 'invalid-json' } });
    expect(row('{"input":{"area":NaN}}')).toMatchObject({
      problem: { code: 'invalid-json', detail: expect.stringContaining('no NaN') },
    });
    expect(row(undefined, 'too-long')).toMatchObject({ problem: { code: 'payload-too-large' } });
    expect(row(undefined, 'not-utf8')).toMatchObject({ problem: { code: 'invalid-json' } });
  });
});
