import type { IncomingMessage } from 'node:http';
import { faultSchema } from '../../faults/fault.ts';
import type { Faults } from '../../faults/faults.ts';
import type { AwsResponse } from '../wire/aws-api.ts';
import { json } from '../wire/http.ts';
import { Refused, readJson } from './read-body.ts';

/** `POST /_local/faults`: answers the id by which the fault is removed. */
export async function addFault(faults: Faults, request: IncomingMessage): Promise<AwsResponse> {
  return json(201, { id: faults.add(await readJson(request, faultSchema)) });
}

/** `DELETE /_local/faults`: removes the fault with an id, or all of them; answers what is left. */
export function removeFaults(faults: Faults, id: string | null): AwsResponse {
  if (id === null) faults.clear();
  else if (!faults.remove(Number(id))) throw new Refused(404, `There is no fault ${id}.`);
  return json(200, { faults: faults.list() });
}
