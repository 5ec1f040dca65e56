import type { Tensor } from './tensors.ts';

/**
 * How tensors travel to a container and back: the Open Inference Protocol V2 in JSON, comma-separated values, or JSON rows
 * as `{"instances": […]}` and `{"predictions": […]}`.
 */
export const CODECS = ['oip', 'csv', 'json'] as const;

export type Codec = (typeof CODECS)[number];

/** The media types of bodies and answers. */
export const CODEC_CONTENT_TYPES: Readonly<Record<Codec, string>> = {
  oip: 'application/json',
  csv: 'text/csv',
  json: 'application/json',
};

/**
 * What keeps tensors from being sent in a codec: each with the tensor's name and never a value. Synthesis tries it on a
 * model's example, and the functions on every request.
 * @param rows how many inputs the tensors were made of
 */
export function codecProblems(codec: Codec, tensors: readonly Tensor[], rows: number): readonly string[] {
  return tensors.flatMap((tensor) => [
    ...finiteProblems(tensor),
    ...(codec === 'oip' ? [] : rowProblems(codec, tensor, rows)),
    ...(codec === 'csv' ? tableProblems(tensor) : []),
  ]);
}

/** Neither JSON nor what containers parse has a number for infinity or for what is not a number. */
function finiteProblems({ name, data }: Tensor): string[] {
  const index = data.findIndex((value) => typeof value === 'number' && !Number.isFinite(value));
  return index < 0 ? [] : [`the tensor "${name}" has ${data[index]} at [${index}], and numbers are finite`];
}

function rowProblems(codec: Codec, { name, shape, datatype, data }: Tensor, rows: number): string[] {
  const problems: string[] = [];
  if (shape[0] !== rows) {
    problems.push(
      `the tensor "${name}" has the shape [${shape.join(', ')}], and ${codec} sends a row for each of ${rows} inputs`,
    );
  }
  const index = datatype === 'BYTES' ? -1 : data.findIndex(isImprecise);
  if (index >= 0) {
    problems.push(
      `the tensor "${name}" has an integer at [${index}] that ${codec} would round: it takes up to 2^53 - 1`,
    );
  }
  return problems;
}

/** An integer that a double does not hold exactly; those come as strings of digits. */
function isImprecise(value: Tensor['data'][number]): boolean {
  return typeof value === 'string' && !Number.isSafeInteger(Number(value));
}

function tableProblems({ name, shape, datatype }: Tensor): string[] {
  const problems: string[] = [];
  const [, columns] = shape;
  if (shape.length !== 2 || columns === 0) {
    problems.push(
      `the tensor "${name}" has the shape [${shape.join(', ')}], and csv takes tables: [inputs, columns]`,
    );
  }
  if (datatype === 'BYTES') {
    problems.push(`the tensor "${name}" holds text, and csv takes numbers: encode it, or use json`);
  }
  return problems;
}
