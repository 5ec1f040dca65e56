import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Faults } from '../../faults/faults.ts';
import type { AwsResponse } from '../wire/aws-api.ts';
import { json } from '../wire/http.ts';
import { Refused, readJson } from './read-body.ts';

const faultSchema = z.strictObject({
  service: z.string().min(1),
  operation: z.string().min(1).optional(),
  resource: z.string().min(1).optional(),
  error: z
    .strictObject({ status: z.int().min(400).max(599), code: z.string().min(1), message: z.string() })
    .optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
});

/** `POST /_local/faults`: answers the id by which the fault is removed. */
export async function addFault(faults: Faults, request: IncomingMessage): Promise<AwsResponse> {
  const { service, operation, resource, error, delayMs } = await readJson(request, faultSchema);
  if (error === undefined && delayMs === undefined)
    throw new Refused(400, 'A fault needs an error, a delayMs or both.');
  const id = faults.add({
    service,
    ...(operation !== undefined && { operation }),
    ...(resource !== undefined && { resource }),
    ...(error !== undefined && { error }),
    ...(delayMs !== undefined && { delayMs }),
  });
  return json(201, { id });
}

/** `DELETE /_local/faults`: removes the fault with an id, or all of them; answers what is left. */
export function removeFaults(faults: Faults, id: string | null): AwsResponse {
  if (id === null) faults.clear();
  else if (!faults.remove(Number(id))) throw new Refused(404, `There is no fault ${id}.`);
  return json(200, { faults: faults.list() });
}
