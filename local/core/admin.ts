import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Faults } from './faults.ts';
import { BodyTooLarge, json, readBody } from './http.ts';
import type { MetricStore } from './metrics.ts';
import { parseJson } from './parse-json.ts';
import type { AwsResponse, ServiceProcess } from './plugin.ts';

const BODY_LIMIT = 64 * 1024;

const faultSchema = z.strictObject({
  service: z.string().min(1),
  operation: z.string().min(1).optional(),
  resource: z.string().min(1).optional(),
  error: z
    .strictObject({ status: z.int().min(400).max(599), code: z.string().min(1), message: z.string() })
    .optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
});

const deploymentSchema = z.strictObject({
  /** The folder of a synthesized cloud assembly. */
  assemblyDir: z.string().min(1),
});

/** One resource as `GET /_local/resources` lists it. */
export interface ResourceSummary {
  readonly type: string;
  readonly path: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly ref: string;
  readonly support: 'emulated' | 'inert' | 'not emulated';
}

/** What the local cloud tells about itself. */
export interface AdminSource {
  readonly faults: Faults;
  readonly metrics: MetricStore;
  resources(): readonly ResourceSummary[];
  processes(): readonly ServiceProcess[];
  ready(): boolean;
  /** Hands an answer to whoever waits for it; false where nobody does. */
  answerCallback(id: string, body: string): boolean;
  /** @throws {DeploymentFailed} where the deployment is given up */
  deploy(assemblyDir: string): Promise<void>;
}

/** Answers `/_local/…`: the local cloud's own state, and the faults that a drill or a test injects. */
export async function answerAdmin(
  source: AdminSource,
  request: IncomingMessage,
  url: URL,
): Promise<AwsResponse> {
  const resource = url.pathname.slice('/_local/'.length);
  const route = `${request.method} ${resource}`;
  const callback = /^PUT callbacks\/([\w-]+)$/.exec(route)?.[1];
  if (callback !== undefined) return takeAnswer(source, callback, request);
  switch (route) {
    case 'GET health':
      return source.ready() ? json(200, { status: 'ready' }) : json(503, { status: 'starting' });
    case 'GET resources':
      return json(200, { resources: source.resources() });
    case 'GET metrics':
      return json(200, { metrics: source.metrics.list() });
    case 'GET processes':
      return json(200, { processes: source.processes() });
    case 'GET faults':
      return json(200, { faults: source.faults.list() });
    case 'POST faults':
      return addFault(source.faults, request);
    case 'DELETE faults':
      return removeFaults(source.faults, url.searchParams.get('id'));
    case 'POST deployments':
      return startDeployment(source, request);
    default:
      return json(404, { message: `There is no ${request.method} /_local/${resource}.` });
  }
}

async function addFault(faults: Faults, request: IncomingMessage): Promise<AwsResponse> {
  const sent = await readJson(request);
  if ('refusal' in sent) return sent.refusal;
  const parsed = faultSchema.safeParse(sent.value);
  if (!parsed.success) return json(400, { message: z.prettifyError(parsed.error) });
  const { service, operation, resource, error, delayMs } = parsed.data;
  if (error === undefined && delayMs === undefined) {
    return json(400, { message: 'A fault needs an error, a delayMs or both.' });
  }
  const id = faults.add({
    service,
    ...(operation !== undefined && { operation }),
    ...(resource !== undefined && { resource }),
    ...(error !== undefined && { error }),
    ...(delayMs !== undefined && { delayMs }),
  });
  return json(201, { id });
}

function removeFaults(faults: Faults, id: string | null): AwsResponse {
  if (id === null) {
    faults.clear();
    return json(200, { faults: [] });
  }
  if (!faults.remove(Number(id))) return json(404, { message: `There is no fault ${id}.` });
  return json(200, { faults: faults.list() });
}

/** Replaces what serves by another assembly; answers when it has, or when it has been rolled back. */
async function startDeployment(source: AdminSource, request: IncomingMessage): Promise<AwsResponse> {
  const sent = await readJson(request);
  if ('refusal' in sent) return sent.refusal;
  const parsed = deploymentSchema.safeParse(sent.value);
  if (!parsed.success) return json(400, { message: z.prettifyError(parsed.error) });
  try {
    await source.deploy(parsed.data.assemblyDir);
    return json(200, { status: 'deployed' });
  } catch (error) {
    return json(409, { status: 'rolled-back', reason: (error as Error).message });
  }
}

async function takeAnswer(source: AdminSource, id: string, request: IncomingMessage): Promise<AwsResponse> {
  const body = await readBody(request, BODY_LIMIT);
  return source.answerCallback(id, body.toString('utf8'))
    ? { status: 200, body: '' }
    : json(404, { message: 'Nobody waits for this answer.' });
}

/** The JSON value that was sent, or the answer that refuses it. */
async function readJson(
  request: IncomingMessage,
): Promise<{ readonly value: unknown } | { readonly refusal: AwsResponse }> {
  // A web page can post plain text across origins without asking first, but not JSON.
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return { refusal: json(415, { message: 'Send application/json.' }) };
  }
  try {
    return { value: parseJson((await readBody(request, BODY_LIMIT)).toString('utf8')) };
  } catch (error) {
    if (error instanceof BodyTooLarge) return { refusal: json(413, { message: error.message }) };
    throw error;
  }
}
