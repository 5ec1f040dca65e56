import { z } from 'zod';
import type { LocalResource } from '../core/plugin.ts';

const method = z.looseObject({
  HttpMethod: z.string(),
  ResourceId: z.string().optional(),
  Integration: z.looseObject({ Uri: z.string().optional() }).optional(),
});

const path = z.looseObject({ PathPart: z.string(), ParentId: z.string() });

/** Functions to start before anybody asks for them, each once. */
export interface WarmUpPlan {
  /** Behind POST methods of fixed paths: a first prediction must not meet a cold start. */
  readonly first: readonly string[];
  /** Behind the other methods: a path with an id in it is asked only after something has been made. */
  readonly later: readonly string[];
}

/**
 * Orders the functions behind API methods for warming up.
 * @param methods every AWS::ApiGateway::Method
 * @param paths every AWS::ApiGateway::Resource
 */
export function planWarmUp(
  methods: readonly LocalResource[],
  paths: readonly LocalResource[] = [],
): WarmUpPlan {
  const parts = new Map(paths.map(({ ref, properties }) => [ref, path.parse(properties)]));
  const isFixed = (id: string | undefined): boolean => {
    const part = id === undefined ? undefined : parts.get(id);
    return part === undefined || (!part.PathPart.startsWith('{') && isFixed(part.ParentId));
  };
  const integrations = methods.flatMap((resource) => {
    const { HttpMethod, ResourceId, Integration } = method.parse(resource.properties);
    const functionArn = /\/functions\/(arn:[^$]+)\/invocations$/.exec(Integration?.Uri ?? '')?.[1];
    const isFirst = HttpMethod === 'POST' && isFixed(ResourceId);
    return functionArn === undefined ? [] : [{ isFirst, functionArn }];
  });
  const behind = (isFirst: boolean) =>
    integrations.filter((one) => one.isFirst === isFirst).map((one) => one.functionArn);
  const first = new Set(behind(true));
  const later = new Set(behind(false).filter((arn) => !first.has(arn)));
  return { first: [...first], later: [...later] };
}
