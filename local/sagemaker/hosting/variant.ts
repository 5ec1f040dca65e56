import type { Clock } from '../../clock/clock.ts';
import type { ServiceProcess } from '../../core/plugin/service-plugin.ts';
import { AwsError } from '../../core/wire/aws-error.ts';
import type { DeclaredVariant } from '../declared/endpoints.ts';
import {
  type ContainerAnswer,
  ContainerGone,
  type ContainerRequest,
  ContainerTimeout,
} from '../model/model-process.ts';
import { type LogPlace, modelError, noResponse, throttled, timedOut, validationError } from './errors.ts';
import { Instance, type InstanceOptions } from './instance.ts';

/** Milliseconds that a container has to answer an invocation. */
export const INVOCATION_TIMEOUT_MS = 60_000;
/** Bytes of an invocation's body: 4 MB where the variant is serverless, 25 MB on instances. */
export const SERVERLESS_PAYLOAD_LIMIT = 4 * 1024 * 1024;
export const INSTANCE_PAYLOAD_LIMIT = 25 * 1024 * 1024;
/** Seconds that a container may take to become healthy, where the template does not say. */
const STARTUP_TIMEOUT_SECONDS = { serverless: 180, instance: 480 };

/**
 * Processes of one variant at once. What a template or a scaling asks beyond it counts as capacity and has no process of
 * its own, which keeps a laptop responsive.
 */
export const MAX_PROCESSES = 4;

/** What an invocation may take, where it is not an endpoint's usual. */
export interface InvocationBounds {
  readonly timeoutMs: number;
  /** Bytes of its body. */
  readonly payloadLimit: number;
}

/** What an invocation cost, for the metrics. */
export interface Invocation {
  readonly answer: ContainerAnswer;
  readonly modelLatencyMs: number;
  /** How long a serverless variant took to start first; undefined where it was warm. */
  readonly setupMs: number | undefined;
}

export interface VariantOptions extends Omit<InstanceOptions, 'startupTimeoutMs'> {
  readonly endpoint: string;
  readonly declared: DeclaredVariant;
  readonly place: LogPlace;
  /** Start a serverless variant with the cloud instead of with its first request. */
  readonly warm: boolean;
  /** Told of every invocation that is let in, with how many there are now. */
  onInvocation?(inFlight: number): void;
}

/** One production variant with the processes that serve it. */
export class Variant {
  readonly declared: DeclaredVariant;
  readonly #options: VariantOptions;
  readonly #clock: Clock;
  readonly #instances: Instance[] = [];
  /** Instances that were taken away and still work on requests. */
  readonly #leaving = new Set<Instance>();
  #instanceCount: number;
  #inFlight = 0;

  constructor(options: VariantOptions) {
    const { declared } = options;
    this.declared = declared;
    this.#options = options;
    this.#clock = options.clock;
    this.#instanceCount = declared.instanceCount;
    this.#addInstances();
  }

  /** How many instances there are, as SageMaker would count them. */
  get instanceCount(): number {
    return this.#instanceCount;
  }

  /** Whether what should be running is: a serverless variant, or one that has gone to zero, needs nothing to run. */
  get isUp(): boolean {
    return this.declared.serverless !== undefined || this.#instanceCount === 0 || this.readyCount > 0;
  }

  /** How many of them answer. */
  get readyCount(): number {
    return this.#instances.filter(({ process }) => process !== undefined).length;
  }

  get payloadLimit(): number {
    return this.declared.serverless === undefined ? INSTANCE_PAYLOAD_LIMIT : SERVERLESS_PAYLOAD_LIMIT;
  }

  /** Brings up what must run before the first request. @throws {Error} where it does not become healthy */
  async start(): Promise<void> {
    const { serverless } = this.declared;
    if (serverless === undefined)
      await Promise.all(this.#instances.map((instance) => instance.keepRunning()));
    else if (this.#options.warm || serverless.provisionedConcurrency > 0) await this.#instances[0]?.start();
  }

  /** Tells that the start failed, and goes on trying where nothing else would. */
  startFailed(error: Error): void {
    this.#options.warn(error.message);
    if (this.declared.serverless !== undefined) return;
    for (const instance of this.#instances) if (instance.process === undefined) instance.keepTrying();
  }

  /** Changes how many instances there are. Those taken away finish the requests that they have. */
  resize(instanceCount: number): void {
    this.#instanceCount = instanceCount;
    for (const instance of this.#addInstances()) instance.keepTrying();
    for (const instance of this.#instances.splice(instanceCount)) {
      this.#leaving.add(instance);
      this.#letGo(instance);
    }
  }

  /**
   * Invokes the model.
   * @throws {ModelError} where the container answers an error, too late or not at all
   * @throws {AwsError} where the variant is throttled, can't start, or the body is too large
   */
  async invoke(
    request: ContainerRequest,
    bounds: InvocationBounds = { timeoutMs: INVOCATION_TIMEOUT_MS, payloadLimit: this.payloadLimit },
  ): Promise<Invocation> {
    if (request.body.length > bounds.payloadLimit) {
      throw validationError(
        "1 validation error detected: Value at 'body' failed to satisfy constraint: " +
          `Member must have length less than or equal to ${bounds.payloadLimit}`,
      );
    }
    const limit = this.declared.serverless?.maxConcurrency ?? Number.POSITIVE_INFINITY;
    if (this.#inFlight >= limit) throw throttled();
    this.#inFlight += 1;
    this.#options.onInvocation?.(this.#inFlight);
    try {
      return await this.#serve(request, bounds.timeoutMs);
    } finally {
      this.#inFlight -= 1;
    }
  }

  processes(): readonly ServiceProcess[] {
    const name = `${this.#options.endpoint}/${this.declared.name}`;
    return [...this.#instances, ...this.#leaving].flatMap(({ process, load }) =>
      process === undefined ? [] : [{ name, pid: process.pid, inFlight: load }],
    );
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#instances, ...this.#leaving].map((instance) => instance.stop()));
  }

  /** Makes the instances that are missing, and answers them. */
  #addInstances(): readonly Instance[] {
    const { declared } = this;
    const fallback = STARTUP_TIMEOUT_SECONDS[declared.serverless === undefined ? 'instance' : 'serverless'];
    const startupTimeoutMs = (declared.startupTimeoutSeconds ?? fallback) * 1000;
    const missing = Math.min(this.#instanceCount, MAX_PROCESSES) - this.#instances.length;
    const added = Array.from(
      { length: Math.max(0, missing) },
      () => new Instance({ ...this.#options, startupTimeoutMs }),
    );
    this.#instances.push(...added);
    return added;
  }

  /** Stops an instance that was taken away, once it has nothing left to do. */
  #letGo(instance: Instance): void {
    if (instance.load > 0 || !this.#leaving.has(instance)) return;
    void instance.stop().finally(() => this.#leaving.delete(instance));
  }

  async #serve(request: ContainerRequest, timeoutMs: number): Promise<Invocation> {
    const { endpoint, place } = this.#options;
    const arrived = this.#clock.now();
    const { instance, wasCold } = await this.#ready();
    const { process } = instance;
    if (process === undefined) throw noResponse(endpoint, place);
    const started = this.#clock.now();
    instance.load += 1;
    try {
      const answer = await process.invoke(request, timeoutMs);
      if (answer.status < 200 || answer.status > 299)
        throw modelError(answer.status, answer.body.toString('utf8'), place);
      const setupMs = wasCold ? started - arrived : undefined;
      return { answer, modelLatencyMs: this.#clock.now() - started, setupMs };
    } catch (error) {
      if (error instanceof ContainerTimeout) throw timedOut(place);
      if (!(error instanceof ContainerGone)) throw error;
      if (!error.refused) throw noResponse(endpoint, place);
      // It died before this request: a serverless variant starts another one, as for any request that finds none.
      instance.discard(process);
      if (this.declared.serverless === undefined) throw noResponse(endpoint, place);
      return await this.#serve(request, timeoutMs);
    } finally {
      instance.load -= 1;
      this.#letGo(instance);
    }
  }

  /** The instance with the least to do; a serverless one is started first where it is cold. */
  async #ready(): Promise<{ readonly instance: Instance; readonly wasCold: boolean }> {
    const [first, ...others] = this.#instances;
    if (first === undefined) throw new Error('a variant has at least one instance');
    if (this.declared.serverless !== undefined) {
      const wasCold = first.process === undefined;
      await this.#withinColdStart(first);
      return { instance: first, wasCold };
    }
    return {
      instance: others.reduce((best, one) => (isBetter(one, best) ? one : best), first),
      wasCold: false,
    };
  }

  async #withinColdStart(instance: Instance): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(INVOCATION_TIMEOUT_MS, () =>
        reject(
          new AwsError(429, 'ModelNotReadyException', 'The model is still starting. Wait and try again.'),
        ),
      );
    });
    try {
      await Promise.race([instance.start(), late]);
    } catch (error) {
      if (error instanceof AwsError) throw error;
      this.#options.warn((error as Error).message);
      throw noResponse(this.#options.endpoint, this.#options.place);
    } finally {
      cancel();
    }
  }
}

function isBetter(one: Instance, best: Instance): boolean {
  if (one.process === undefined || best.process === undefined) return best.process === undefined;
  return one.load < best.load;
}
