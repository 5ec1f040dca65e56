import { z } from 'zod';
import type { LocalResource } from '../core/plugin.ts';

const method = z.looseObject({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  Integration: z.looseObject({ Uri: z.string().optional() }).optional(),
});

/** The part of a path below which predictions are asked for. */
const PREDICTIONS = 'predictions';

const path = z.looseObject({ PathPart: z.string() });

/** Functions to start before anybody asks for them, each once. */
export interface WarmUpPlan {
  /** Behind `POST /predictions`: a first prediction must not meet a cold start. */
  readonly first: readonly string[];
  /** Behind the other methods. */
  readonly later: readonly string[];
}

/**
 * Orders the functions behind API methods for warming up.
 * @param methods every AWS::ApiGateway::Method
 * @param paths every AWS::ApiGateway::Resource
 */
export function planWarmUp(methods: readonly LocalResource[], paths: readonly LocalResource[]): WarmUpPlan {
  const parts = new Map(paths.map(({ ref, properties }) => [ref, path.parse(properties).PathPart]));
  const integrations = methods.flatMap((resource) => {
    const { HttpMethod, ResourceId, Integration } = method.parse(resource.properties);
    const functionArn = /\/functions\/(arn:[^$]+)\/invocations$/.exec(Integration?.Uri ?? '')?.[1];
    const isFirst = HttpMethod === 'POST' && parts.get(ResourceId) === PREDICTIONS;
    return functionArn === undefined ? [] : [{ isFirst, functionArn }];
  });
  const behind = (isFirst: boolean) =>
    integrations.filter((one) => one.isFirst === isFirst).map((one) => one.functionArn);
  const first = new Set(behind(true));
  const later = new Set(behind(false).filter((arn) => !first.has(arn)));
  return { first: [...first], later: [...later] };
}
