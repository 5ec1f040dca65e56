import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource, ServicePlugin } from '../core/plugin/service-plugin.ts';
import { arnOf, nameOf } from '../template/naming.ts';
import type { ResourceSupport } from '../template/resource-types.ts';
import { createApi } from './api.ts';
import { makeQueue } from './asynchronous/make-queue.ts';
import type { AsynchronousQueue } from './asynchronous/queue.ts';
import { COMPONENT } from './declared/components.ts';
import { type DeclaredEndpoint, type DeclaredVariant, readEndpoints } from './declared/endpoints.ts';
import { Endpoint } from './endpoint.ts';
import { offerVariantCapacity, type VariantCapacity } from './hosting/capacity.ts';
import { logGroupOf } from './hosting/errors.ts';
import { Variant } from './hosting/variant.ts';
import { UnrunnableImage } from './model/dockerfile.ts';
import { ProcessRecord } from './model/leftovers.ts';
import { preloadOf } from './model/model-process.ts';
import { resolveProgram } from './model/program.ts';
import { transformJobs } from './transform/lazy-jobs.ts';

export interface SageMakerOptions {
  /** Start serverless variants with the cloud, instead of with their first request. @default false */
  readonly warm?: boolean;
  /** Draws from [0, 1) which variant serves a request. @default Math.random */
  readonly random?: () => number;
}

/** `Ref` answers the ARN for all of SageMaker's hosting resources, and the name is an attribute. */
function named(kind: string, property: string): ResourceSupport {
  return {
    support: 'emulated',
    identify: (resource) => {
      const name = nameOf(resource, property, 63);
      return { ref: arnOf('sagemaker', resource, `${kind}/${name}`), attributes: { [property]: name } };
    },
  };
}

/**
 * The SageMaker runtime: every variant of every endpoint is a process that runs the image's own program. So does every
 * transform job, for as long as it lasts.
 */
export function createSageMakerPlugin(options: SageMakerOptions = {}): ServicePlugin {
  const { warm = false, random = Math.random } = options;
  return {
    name: 'sagemaker',
    resourceTypes: {
      'AWS::SageMaker::Model': named('model', 'ModelName'),
      'AWS::SageMaker::EndpointConfig': named('endpoint-config', 'EndpointConfigName'),
      'AWS::SageMaker::Endpoint': named('endpoint', 'EndpointName'),
      [COMPONENT]: named('inference-component', 'InferenceComponentName'),
    },
    async start(cloud) {
      const record = new ProcessRecord(cloud.dataDir);
      const preload = preloadOf(cloud.dataDir);
      // Later deployments of the same run find the processes of those before them, which still serve.
      if (cloud.predecessor === undefined) {
        for (const pid of record.reap(preload))
          cloud.log.warn(`ended the model process ${pid} of an earlier run`);
      }

      const endpoints = new Map<string, Endpoint>();
      const unsupported = new Map<string, string>();
      cloud.services.notRunning = unsupported;
      const notEmulated: NotEmulatedResource[] = [];
      for (const declared of readEndpoints(cloud)) {
        const made = await makeEndpoint(cloud, declared, { warm, random, record, preload });
        if (made instanceof Endpoint) {
          endpoints.set(declared.name, made);
          continue;
        }
        unsupported.set(declared.name, made);
        notEmulated.push({ type: 'AWS::SageMaker::Endpoint', path: declared.path, reason: made });
      }
      const transform = transformJobs(cloud, record, preload);
      cloud.services.transformJobs = transform.service;
      const variants = [...endpoints.values()].flatMap((endpoint) => endpoint.variants);
      const queues = [...endpoints.values()].flatMap(({ queue }) => queue ?? []);
      const close = async (): Promise<void> => {
        for (const queue of queues) queue.stop();
        await transform.close();
        await Promise.all(variants.map((variant) => variant.stop()));
        await Promise.all(queues.map((queue) => queue.settled()));
      };
      // Nobody waits here: what asks the models starts meanwhile.
      const starting = variants.map((variant) => ({ variant, started: variant.start() }));
      for (const { started } of starting) started.catch(() => undefined);
      for (const queue of queues) queue.start();
      return {
        api: createApi(cloud, endpoints, unsupported, transform.service),
        notEmulated,
        deploy: () => withPatience(cloud, starting),
        processes: () => [...variants.flatMap((variant) => variant.processes()), ...transform.processes()],
        drain: async () => {
          await Promise.all(queues.map((queue) => queue.emptied()));
        },
        close,
      };
    },
  };
}

export const sagemakerPlugin = createSageMakerPlugin();

type Shared = Required<SageMakerOptions> & { readonly record: ProcessRecord; readonly preload: string };

interface Starting {
  readonly variant: Variant;
  readonly started: Promise<void>;
}

/** Milliseconds after which a model that does not start no longer fails a deployment by that alone. */
const START_PATIENCE_MS = 6_000;

/**
 * Waits for models to start, but not for long; one that fails later is told in the log, and tried again. A verification of
 * the model goes on waiting for it. @throws what fails before
 */
async function withPatience(cloud: LocalCloud, starting: readonly Starting[]): Promise<void> {
  let cancel = (): void => undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = cloud.clock.after(START_PATIENCE_MS, () => {
      for (const { variant, started } of starting)
        started.catch((error: Error) => variant.startFailed(error));
      resolve();
    });
  });
  try {
    await Promise.race([Promise.all(starting.map(({ started }) => started)), patience]);
  } finally {
    cancel();
  }
}

/** The endpoint, or why it can't run here. */
async function makeEndpoint(
  cloud: LocalCloud,
  declared: DeclaredEndpoint,
  shared: Shared,
): Promise<Endpoint | string> {
  if (declared.unsupported !== undefined) return declared.unsupported;
  try {
    const variants: Variant[] = [];
    let queue: AsynchronousQueue | undefined;
    const onReady = () => queue?.capacityChanged();
    for (const variant of declared.variants)
      variants.push(await makeVariant(cloud, declared.name, variant, { ...shared, onReady }));
    queue = queueOf(cloud, declared, variants);
    return new Endpoint(declared, variants, shared.random, queue);
  } catch (error) {
    if (error instanceof UnrunnableImage) return error.message;
    throw error;
  }
}

/** @throws {UnrunnableImage} where the endpoint is asynchronous and can't work here */
function queueOf(
  cloud: LocalCloud,
  { name, asynchronous }: DeclaredEndpoint,
  variants: readonly Variant[],
): AsynchronousQueue | undefined {
  if (asynchronous === undefined) return undefined;
  const [variant, ...others] = variants;
  if (variant === undefined || others.length > 0)
    throw new UnrunnableImage('asynchronous endpoints of several variants are not emulated');
  return makeQueue(cloud, { endpoint: name, declared: asynchronous, variant });
}

async function makeVariant(
  cloud: LocalCloud,
  endpoint: string,
  declared: DeclaredVariant,
  { warm, record, preload, onReady }: Shared & { onReady(): void },
): Promise<Variant> {
  const logGroup = logGroupOf(endpoint, declared.component);
  let offered: VariantCapacity | undefined;
  const variant = new Variant({
    endpoint,
    onInvocation: (inFlight) => offered?.invoked(inFlight),
    declared,
    warm,
    record,
    preload,
    onReady,
    program: await resolveProgram(cloud, declared.container),
    clock: cloud.clock,
    place: { region: cloud.region, accountId: cloud.accountId, logGroup },
    print: (line) => cloud.log.group(logGroup, line),
    warn: (message) => cloud.log.warn(`endpoint ${endpoint}, variant ${declared.name}: ${message}`),
  });
  offered = offerVariantCapacity(cloud, endpoint, variant);
  return variant;
}
