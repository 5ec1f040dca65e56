import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import { FunctionsEnded } from '../lambda/errors.ts';
import { LocalLambda } from '../lambda/local-lambda.ts';
import type { LocalResource } from '../template/resource-types.ts';

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

/** Waits for the functions that are asked first. */
export async function warmFirst(cloud: LocalCloud): Promise<void> {
  await Promise.all(planOf(cloud).first.map((functionArn) => warm(cloud, functionArn)));
}

/** Starts the others one by one, so as not to compete with first requests, until the deployment ends. */
export function warmLater(cloud: LocalCloud): void {
  void planOf(cloud).later.reduce(
    (previous, functionArn) => previous.then(() => warm(cloud, functionArn)),
    Promise.resolve(),
  );
}

function planOf(cloud: LocalCloud): WarmUpPlan {
  return planWarmUp(cloud.resources('AWS::ApiGateway::Method'), cloud.resources('AWS::ApiGateway::Resource'));
}

/** Starts a function; one that does not start is told, and met again by whoever asks it. */
async function warm({ services: { lambda }, log }: LocalCloud, functionArn: string): Promise<void> {
  if (!(lambda instanceof LocalLambda)) return;
  await lambda.warm(functionArn).catch((error: Error) => {
    if (!(error instanceof FunctionsEnded)) log.warn(`${functionArn}: ${error.message}`);
  });
}
