import type { Model } from '../../contract/model/model.ts';
import { describe } from '../description/describe.ts';
import { readEnvironment } from '../environment.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';

/** The function behind `GET /model` and `GET /openapi.json`. */
export function createHandler(model: Model): ApiHandler {
  const { ACCESS_KIND, AVAILABILITY_PERCENT, LATENCY_P95_MS, HOSTING_MODE, VARIANTS, CALLBACK_HOSTS } =
    readEnvironment([
      'ACCESS_KIND',
      'AVAILABILITY_PERCENT',
      'LATENCY_P95_MS',
      'HOSTING_MODE',
      'VARIANTS',
      'CALLBACK_HOSTS',
    ]);
  const answering = {
    isAsynchronous: HOSTING_MODE === 'asynchronous',
    callbackHosts: CALLBACK_HOSTS ?? [],
  };
  const objectives = { availabilityPercent: AVAILABILITY_PERCENT, latencyP95Ms: LATENCY_P95_MS };
  const variants = VARIANTS.map(({ name, version, weight }) => ({ name, version, weight }));
  const described = { objectives, variants, access: ACCESS_KIND, ...answering };
  return apiHandler(async (request) => describe(model, described, request));
}
