import { CODEC_CONTENT_TYPES } from '../../contract/tensors/codecs.ts';
import type { Tensor } from '../../contract/tensors/tensors.ts';
import type { Format } from './format.ts';

/** A number as Python and others write it; their infinities and NaN are words. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Comma-separated values without a header, one line for each input: what the algorithms of SageMaker take (SageMaker
 * developer guide, "Common data formats for inference"). Tensors stand side by side, in the order of `preprocess`. There is
 * no newline after the last line: the XGBoost image would read an empty input.
 */
export const csvFormat: Format = {
  contentType: CODEC_CONTENT_TYPES.csv,
  encode: (_id, inputs) => {
    const tables = inputs.map(rowsOf);
    const lines = (tables[0] ?? []).map((_, row) => tables.flatMap((table) => table[row] ?? []).join(','));
    return lines.join('\n');
  },
  decode: (body, rows) => {
    const table = tableOf(body, rows);
    const columns = table[0]?.length ?? 0;
    const uneven = table.findIndex((row) => row.length !== columns);
    if (uneven >= 0)
      throw new Error(`row ${uneven} has ${table[uneven]?.length} columns instead of ${columns}`);
    const data = table.flatMap((row, rowIndex) =>
      row.map((cell, column) => numberOf(cell, rowIndex, column)),
    );
    return [{ name: 'predictions', shape: [table.length, columns], datatype: 'FP64', data }];
  },
};

function rowsOf({ shape, data }: Tensor): string[][] {
  const [rows = 0, columns = 0] = shape;
  return Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns).map(textOf));
}

/** The shortest decimal number that is read as the same double; what is true counts as 1. */
function textOf(value: Tensor['data'][number]): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * An answer has a line for each input. Early XGBoost images write all of them in one line, a number for each input: of more
 * than one input, a single line can be nothing else.
 */
function tableOf(body: string, rows: number): readonly (readonly string[])[] {
  const text = body.trim();
  const table = text === '' ? [] : text.split(/\r?\n/).map((line) => line.split(','));
  const [first = []] = table;
  if (table.length === 1 && rows > 1 && first.length === rows) return first.map((cell) => [cell]);
  if (table.length !== rows) throw new Error(`the body has ${table.length} rows for ${rows} inputs`);
  return table;
}

function numberOf(cell: string, row: number, column: number): number {
  const text = cell.trim();
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new Error(`row ${row}, column ${column} is not a finite number`);
  return value;
}
