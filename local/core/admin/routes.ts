import type { IncomingMessage } from 'node:http';
import type { AwsResponse } from '../wire/aws-api.ts';
import { json } from '../wire/http.ts';
import { startDeployment } from './deployments.ts';
import { addFault, removeFaults } from './faults.ts';
import { Refused, readText } from './read-body.ts';
import type { AdminSource } from './source.ts';

type Route = (source: AdminSource, request: IncomingMessage, url: URL) => AwsResponse | Promise<AwsResponse>;

/** By method and what follows `/_local/`. */
const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  [
    'GET health',
    (source) => (source.ready() ? json(200, { status: 'ready' }) : json(503, { status: 'starting' })),
  ],
  ['GET resources', (source) => json(200, { resources: source.resources() })],
  ['GET metrics', ({ metrics }) => json(200, { metrics: metrics.list() })],
  ['GET processes', (source) => json(200, { processes: source.processes() })],
  ['GET faults', ({ faults }) => json(200, { faults: faults.list() })],
  ['POST faults', ({ faults }, request) => addFault(faults, request)],
  ['DELETE faults', ({ faults }, _, url) => removeFaults(faults, url.searchParams.get('id'))],
  ['POST deployments', (source, request) => startDeployment(source, request)],
]);

/** Answers `/_local/…`: the local cloud's own state, and the faults that a drill or a test injects. */
export async function answerAdmin(
  source: AdminSource,
  request: IncomingMessage,
  url: URL,
): Promise<AwsResponse> {
  const resource = url.pathname.slice('/_local/'.length);
  const route = `${request.method} ${resource}`;
  try {
    const callback = /^PUT callbacks\/([\w-]+)$/.exec(route)?.[1];
    if (callback !== undefined) return await takeAnswer(source, callback, request);
    const answer = ROUTES.get(route);
    return (
      (await answer?.(source, request, url)) ??
      json(404, { message: `There is no ${request.method} /_local/${resource}.` })
    );
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

async function takeAnswer(source: AdminSource, id: string, request: IncomingMessage): Promise<AwsResponse> {
  const body = await readText(request);
  return source.answerCallback(id, body)
    ? { status: 200, body: '' }
    : json(404, { message: 'Nobody waits for this answer.' });
}
