import { type Codec as CodecName, codecProblems } from '../../contract/tensors/codecs.ts';
import type { Tensor } from '../../contract/tensors/tensors.ts';
import { csvFormat } from './csv-codec.ts';
import type { Format } from './format.ts';
import { jsonFormat } from './json-codec.ts';
import { oipFormat } from './oip-codec.ts';

/** A format that sends nothing which would arrive as something else. */
export interface Codec extends Omit<Format, 'encode'> {
  /** @throws {Error} that names the tensors which the format does not carry, and why, never a value */
  encode(id: string, inputs: readonly Tensor[], rows: number): string;
}

const FORMATS: Readonly<Record<CodecName, Format>> = { oip: oipFormat, csv: csvFormat, json: jsonFormat };

export function codecNamed(name: CodecName): Codec {
  const format = FORMATS[name];
  return {
    contentType: format.contentType,
    decode: format.decode,
    encode: (id, inputs, rows) => {
      const problems = codecProblems(name, inputs, rows);
      if (problems.length > 0) throw new Error(problems.join('; '));
      return format.encode(id, inputs);
    },
  };
}
