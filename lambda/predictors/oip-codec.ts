import { z } from 'zod';
import { DATATYPES, type Tensor } from '../../contract/tensors.ts';

/** A response of the Open Inference Protocol V2, as far as a client needs it; servers add fields of their own. */
const responseSchema = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.int().nonnegative()),
      datatype: z.enum(DATATYPES),
      data: z.array(z.union([z.number(), z.string(), z.boolean()])),
    }),
  ),
});

export const OIP_CONTENT_TYPE = 'application/json';

/** The body of an inference request. */
export function encodeRequest(id: string, inputs: readonly Tensor[]): string {
  return JSON.stringify({ id, inputs });
}

/**
 * The tensors of an inference response.
 * @throws {Error} where the body is none.
 */
export function decodeResponse(body: string): readonly Tensor[] {
  return responseSchema.parse(parseJson(body)).outputs;
}

/** JSON's own errors quote the text, which holds predictions; this one does not. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`the body is not JSON (${Buffer.byteLength(body)} bytes)`);
  }
}
