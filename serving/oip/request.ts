import { z } from 'zod';
import { DATATYPES } from '../../contract/tensors/tensors.ts';
import { DATATYPE_RULES } from './datatype-rules.ts';
import { InferenceError } from './error.ts';
import { flatten, type Tensor } from './tensor.ts';

/** A decoded inference request. `outputs` undefined means all of them. */
export interface InferenceRequest {
  readonly id?: string;
  readonly inputs: readonly Tensor[];
  readonly outputs?: readonly string[];
}

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

// Beyond what any model has, and small enough that nested data can be followed and sizes multiplied.
const MAX_RANK = 32;
const MAX_DIMENSION = 2 ** 31 - 1;

// `data` is checked by its datatype's rules: a schema over every element would be far slower.
const inputSchema = z.strictObject({
  name: z.string().min(1),
  shape: z.array(z.int().min(0).max(MAX_DIMENSION)).max(MAX_RANK),
  datatype: z.enum(DATATYPES),
  parameters: parameters.optional(),
  data: z.custom<readonly unknown[]>(Array.isArray, 'expected an array'),
});

const requestSchema = z.strictObject({
  id: z.string().max(256).optional(),
  parameters: parameters.optional(),
  inputs: z.array(inputSchema).min(1),
  outputs: z.array(z.strictObject({ name: z.string().min(1), parameters: parameters.optional() })).optional(),
});

/**
 * Decodes the JSON of an Open Inference Protocol V2 inference request. Parameters are accepted and, as this
 * server defines none, have no effect.
 *
 * @throws InferenceError 400 with everything that is wrong with the envelope, or the first unfit tensor.
 */
export function parseRequest(body: string): InferenceRequest {
  const parsed = requestSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${z.core.toDotPath(issue.path) || 'body'}: ${issue.message}`,
    );
    throw new InferenceError(400, problems.join('; '));
  }
  const { id, inputs, outputs } = parsed.data;
  refuseDuplicates('input', inputs);
  refuseDuplicates('output', outputs ?? []);
  return {
    ...(id !== undefined && { id }),
    inputs: inputs.map(({ name, shape, datatype, data }) => {
      const where = `input "${name}"`;
      return {
        name,
        shape,
        datatype,
        data: DATATYPE_RULES[datatype].read(flatten(data, shape, where), where),
      };
    }),
    ...(outputs !== undefined && outputs.length > 0 && { outputs: outputs.map((output) => output.name) }),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // The parser's own message quotes the payload.
    throw new InferenceError(400, 'the body is not valid JSON', { cause: error });
  }
}

function refuseDuplicates(kind: string, items: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of items) {
    if (names.has(name)) throw new InferenceError(400, `${kind} "${name}" is given twice`);
    names.add(name);
  }
}
