import { z } from 'zod';
import { CODEC_CONTENT_TYPES } from '../../contract/tensors/codecs.ts';
import { DATATYPES } from '../../contract/tensors/tensors.ts';
import type { Format } from './format.ts';
import { parseJsonBody } from './json-body.ts';

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

/** The Open Inference Protocol V2 in JSON: what Furrow's model server, Triton and others speak. */
export const oipFormat: Format = {
  contentType: CODEC_CONTENT_TYPES.oip,
  encode: (id, inputs) => JSON.stringify({ id, inputs }),
  decode: (body) => responseSchema.parse(parseJsonBody(body)).outputs,
};
