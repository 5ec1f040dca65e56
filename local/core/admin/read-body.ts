import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AwsResponse } from '../wire/aws-api.ts';
import { BodyTooLarge, json, readBody } from '../wire/http.ts';
import { parseJson } from '../wire/parse-json.ts';

/** Bytes of what is sent to `/_local/…`. */
const BODY_LIMIT = 64 * 1024;

/** A request that is not taken, with the answer that says why. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly answer: AwsResponse;

  constructor(status: number, message: string) {
    super(message);
    this.answer = json(status, { message });
  }
}

/** @throws {Refused} 413 where the body is too large */
export async function readText(request: IncomingMessage): Promise<string> {
  try {
    return (await readBody(request, BODY_LIMIT)).toString('utf8');
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new Refused(413, error.message);
    throw error;
  }
}

/** @throws {Refused} 415 where something else than JSON is sent, 413 where it is too large, 400 where a schema does not take it */
export async function readJson<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
): Promise<z.output<S>> {
  // A web page can post plain text across origins without asking first, but not JSON.
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new Refused(415, 'Send application/json.');
  const parsed = schema.safeParse(parseJson(await readText(request)));
  if (!parsed.success) throw new Refused(400, z.prettifyError(parsed.error));
  return parsed.data;
}
