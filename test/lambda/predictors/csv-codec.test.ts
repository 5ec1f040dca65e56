import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../contract/tensors/tensors.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';

const csv = codecNamed('csv');

const table = (rows: readonly (readonly number[])[], name = 'x'): Tensor => ({
  name,
  shape: [rows.length, rows[0]?.length ?? 0],
  datatype: 'FP64',
  data: rows.flat(),
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const rectangles = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(finite, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe('a request in csv', () => {
  it('has a line for each input, no header, and no newline at the end', () => {
    expect(
      csv.encode(
        'id',
        [
          table([
            [1, 2.5],
            [-3, 1e-7],
          ]),
        ],
        2,
      ),
    ).toBe('1,2.5\n-3,1e-7');
    expect(csv.contentType).toBe('text/csv');
  });

  it('has the tensors side by side, in the order of preprocess', () => {
    const body = csv.encode(
      'id',
      [
        table([
          [1, 2],
          [3, 4],
        ]),
        table([[5], [6]], 'y'),
      ],
      2,
    );
    expect(body).toBe('1,2,5\n3,4,6');
  });

  it('has true as 1, minus zero as it is, and digits as they came', () => {
    const tensor: Tensor = { name: 'x', shape: [1, 4], datatype: 'FP64', data: [true, false, -0, '12'] };
    expect(csv.encode('id', [tensor], 1)).toBe('1,0,-0,12');
  });

  it('refuses what is not finite, naming the tensor and not the other values', () => {
    expect(() => csv.encode('id', [table([[123.456, Number.NaN]], 'soil')], 1)).toThrow(
      /^the tensor "soil" has NaN at \[1\], and numbers are finite$/,
    );
  });

  it('refuses more dimensions than a table has', () => {
    const cube: Tensor = { name: 'image', shape: [1, 2, 2], datatype: 'FP32', data: [1, 2, 3, 4] };
    expect(() => csv.encode('id', [cube], 1)).toThrow('csv takes tables: [inputs, columns]');
  });
});

describe('an answer in csv', () => {
  it('is a tensor with a row for each line', () => {
    expect(csv.decode('0.25,0.75\n1,0\n', 2)).toEqual([
      { name: 'predictions', shape: [2, 2], datatype: 'FP64', data: [0.25, 0.75, 1, 0] },
    ]);
  });

  it.each([
    ['0.5\n0.25\n', 'a line each'],
    ['0.5\r\n0.25', 'lines of other systems'],
    ['0.5,0.25', 'all in one line, as early XGBoost images answer'],
  ])('%j gives one number for each of two inputs: %s', (body) => {
    expect(csv.decode(body, 2)).toEqual([
      { name: 'predictions', shape: [2, 1], datatype: 'FP64', data: [0.5, 0.25] },
    ]);
  });

  it('keeps the columns of a single input apart', () => {
    expect(csv.decode('0.5,0.25', 1)).toMatchObject([{ shape: [1, 2] }]);
  });

  it.each(['1e-05', '+1.5', '.5', '7.', '-1E+3'])('reads %s as Python writes it', (text) => {
    expect(csv.decode(text, 1)).toMatchObject([{ data: [Number(text)] }]);
  });

  it.each([
    ['', 'the body has 0 rows for 2 inputs'],
    ['1\n2\n3', 'the body has 3 rows for 2 inputs'],
    ['1,2,3', 'the body has 1 rows for 2 inputs'],
    ['1,2\n3', 'row 1 has 1 columns instead of 2'],
    ['1\nnan', 'row 1, column 0 is not a finite number'],
    ['1\ninf', 'row 1, column 0 is not a finite number'],
    ['1\n1e999', 'row 1, column 0 is not a finite number'],
    ['1\n0x10', 'row 1, column 0 is not a finite number'],
    ['yield\n1', 'row 0, column 0 is not a finite number'],
    ['1,\n2,3', 'row 0, column 1 is not a finite number'],
  ])('%j is none: %s', (body, message) => {
    expect(() => csv.decode(body, 2)).toThrow(message);
  });
});

describe('csv', () => {
  it('brings every finite number back as the same double', () => {
    fc.assert(
      fc.property(rectangles, (rows) => {
        const [back] = csv.decode(csv.encode('id', [table(rows)], rows.length), rows.length);
        // One row for each input; a single line of a batch is read as a column, which no batch of ours is.
        expect(back?.shape).toEqual([rows.length, rows[0]?.length]);
        expect(back?.data.every((value, index) => Object.is(value, rows.flat()[index]))).toBe(true);
      }),
    );
  });

  it('never answers a number for text that is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let data: Tensor['data'] = [];
        try {
          data = csv.decode(text, 1)[0]?.data ?? [];
        } catch (error) {
          expect((error as Error).message).toMatch(
            /rows for 1 inputs|columns instead|is not a finite number/,
          );
        }
        expect(data.every(Number.isFinite)).toBe(true);
      }),
    );
  });
});
