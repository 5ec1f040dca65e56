import { type Codec as CodecName, codecProblems } from '../../contract/codecs.ts';
import type { Tensor } from '../../contract/tensors.ts';
import { csvFormat } from './csv-codec.ts';
import { jsonFormat } from './json-codec.ts';
import { oipFormat } from './oip-codec.ts';

/** How tensors become the body of an invocation, and how what a container answers becomes tensors. */
export interface Format {
  /** The media type that is sent, and that is asked for. */
  readonly contentType: string;
  /** @param id the request's, for formats that carry one */
  encode(id: string, inputs: readonly Tensor[]): string;
  /**
   * @param rows how many inputs were sent
   * @throws {Error} that says what is wrong with the body, without quoting it: it holds predictions
   */
  decode(body: string, rows: number): readonly Tensor[];
}

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
