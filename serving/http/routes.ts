import type { IncomingMessage } from 'node:http';
import { type State, unreadiness } from '../model/health.ts';
import type { ServedModel } from '../model/model.ts';
import { InferenceError } from '../oip/error.ts';
import { type Answer, ok } from './answers.ts';

/** A request's route: an inference, or an answer that needs no model run. */
export type Route = { readonly kind: 'infer' } | { readonly kind: 'answer'; readonly answer: Answer };

export interface RouteProps {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly runTimeoutMs: number;
}

/**
 * Finds what to do with a request: the SageMaker container's routes, and those of the Open Inference Protocol V2,
 * which other model servers have as well.
 *
 * @throws InferenceError 404 or 405, or 503 where a model is needed and none is ready
 */
export function route({ method, url }: Pick<IncomingMessage, 'method' | 'url'>, props: RouteProps): Route {
  const path = (url ?? '/').split('?')[0] ?? '/';
  const [, modelName, action] = /^\/v2\/models\/([^/]+)(\/ready|\/infer)?$/.exec(path) ?? [];
  if (modelName !== undefined) {
    const model = readyModel(props);
    if (modelName !== encodeURIComponent(model.name)) throw new InferenceError(404, 'no such model');
    if (action === '/infer') return method === 'POST' ? { kind: 'infer' } : notAllowed('POST');
    if (method !== 'GET') return notAllowed('GET');
    return answer(ok(action === '/ready' ? { name: model.name, ready: true } : metadata(model)));
  }
  if (path === '/invocations') return method === 'POST' ? { kind: 'infer' } : notAllowed('POST');
  const get = GET_ROUTES[path];
  if (!get) throw new InferenceError(404, 'no such route');
  return method === 'GET' ? answer(get(props)) : notAllowed('GET');
}

const GET_ROUTES: Readonly<Record<string, (props: RouteProps) => Answer>> = {
  '/ping': readiness,
  '/v2/health/ready': readiness,
  '/v2/health/live': () => ok({ live: true }),
  '/v2': () => ok({ name: 'furrow-serving', version: '2', extensions: [] }),
};

/** The model, if it can answer now. @throws InferenceError 503 */
export function readyModel({ state, now, runTimeoutMs }: RouteProps): ServedModel {
  const reason = unreadiness(state, now, runTimeoutMs);
  if (reason !== undefined || state.kind !== 'ready') throw new InferenceError(503, reason ?? 'not ready');
  return state.model;
}

function readiness(props: RouteProps): Answer {
  readyModel(props);
  return ok({ ready: true });
}

function metadata({ name, version, signature }: ServedModel): unknown {
  return { name, versions: version === undefined ? [] : [version], platform: 'onnx_onnxv1', ...signature };
}

function answer(value: Answer): Route {
  return { kind: 'answer', answer: value };
}

function notAllowed(allow: string): Route {
  return answer({
    status: 405,
    headers: { allow },
    body: JSON.stringify({ error: `use ${allow}` }),
  });
}
