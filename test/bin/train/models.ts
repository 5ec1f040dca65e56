import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ArtifactModel, type ComputedModel, defineModel } from '../../../contract/model/model.ts';

const FIXTURES = join(import.meta.dirname, '../../serving/fixtures');

/** A small graph of the model server's tests. */
export function graph(name: 'twice' | 'thrice' | 'sum' | 'half' | 'divide'): Buffer {
  return readFileSync(join(FIXTURES, `${name}.onnx`));
}

/** The graph that multiplies, with another factor than 2. */
export function multiplier(factor: number): Buffer {
  const bytes = graph('twice');
  const place = bytes.indexOf(Buffer.from(Float32Array.of(2).buffer));
  bytes.writeFloatLE(factor, place);
  return bytes;
}

const amount = z
  .number()
  .min(-1e6)
  .max(1e6)
  .meta({ description: 'An amount', examples: [7] });
const contract = {
  name: 'multiplied',
  version: '1.0.0',
  title: 'Multiplied',
  description: 'A multiple of an amount.',
  input: z.strictObject({ amount }),
  output: z.object({
    multiple: z.number().meta({ description: 'The multiple', examples: [14] }),
    decision: z.enum(['more', 'less']).meta({ description: 'Whether it is above 100', examples: ['less'] }),
  }),
};

/** Answers a multiple, and a decision by it: its graphs are `twice` and `thrice`. */
export const multiplied = defineModel({
  ...contract,
  artifact: 'model.onnx',
  preprocess: (inputs) => [
    { name: 'x', shape: [inputs.length, 1], datatype: 'FP32', data: inputs.map((input) => input.amount) },
  ],
  postprocess: ([multiples]) =>
    (multiples?.data ?? []).map((value) => ({
      multiple: Number(value),
      decision: Number(value) > 100 ? 'more' : 'less',
    })),
}) as unknown as ArtifactModel;

/** The same contract, as code. */
export const computed = defineModel({
  ...contract,
  predict: (input) => ({ multiple: 2 * input.amount, decision: 'less' as const }),
}) as unknown as ComputedModel;

/** Golden predictions of the multiplied model for amounts. */
export function reference(amounts: readonly number[], tolerance?: object): string {
  const cases = amounts.map((one) => ({ input: { amount: one }, output: { multiple: 2 * one } }));
  return JSON.stringify({ ...(tolerance && { tolerance }), cases });
}
