import { z } from 'zod';
import type { LocalResource } from '../core/plugin.ts';

const method = z.looseObject({
  HttpMethod: z.string(),
  Integration: z.looseObject({ Uri: z.string().optional() }).optional(),
});

/** Functions to start before anybody asks for them, each once. */
export interface WarmUpPlan {
  /** Behind POST methods: a first prediction must not meet a cold start. */
  readonly first: readonly string[];
  /** Behind the other methods. */
  readonly later: readonly string[];
}

/** Orders the functions behind API methods (AWS::ApiGateway::Method) for warming up. */
export function planWarmUp(methods: readonly LocalResource[]): WarmUpPlan {
  const integrations = methods.flatMap((resource) => {
    const { HttpMethod, Integration } = method.parse(resource.properties);
    const functionArn = /\/functions\/(arn:[^$]+)\/invocations$/.exec(Integration?.Uri ?? '')?.[1];
    return functionArn === undefined ? [] : [{ httpMethod: HttpMethod, functionArn }];
  });
  const behind = (wanted: (httpMethod: string) => boolean) =>
    integrations.filter((one) => wanted(one.httpMethod)).map((one) => one.functionArn);
  const first = new Set(behind((httpMethod) => httpMethod === 'POST'));
  const later = new Set(behind((httpMethod) => httpMethod !== 'POST').filter((arn) => !first.has(arn)));
  return { first: [...first], later: [...later] };
}
