import { z } from 'zod';
import { CALLBACK_STATUSES, type CallbackBody } from '../../contract/api/callbacks.ts';

/** A callback that waits to be made. */
const callbackSchema = z.object({
  /** The same for the same request, however often it is made. */
  callbackId: z.string().min(1),
  url: z.string().min(1),
  model: z.string().min(1),
  status: z.enum(CALLBACK_STATUSES),
  predictionIds: z.array(z.string()).min(1),
});

export type Callback = z.output<typeof callbackSchema>;

export function encodeCallback(callback: Callback): string {
  return JSON.stringify(callback);
}

/** @throws {Error} where the text is none */
export function decodeCallback(text: string): Callback {
  return callbackSchema.parse(JSON.parse(text));
}

/** What its receiver is sent. */
export function callbackBody({ callbackId, model, status, predictionIds }: Callback): CallbackBody {
  return { callbackId, model, status, predictionIds };
}
