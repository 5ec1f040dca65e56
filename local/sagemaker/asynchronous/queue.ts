import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { DeclaredAsynchronous } from '../declared/asynchronous.ts';
import { ModelError } from '../hosting/errors.ts';
import type { Invocation, InvocationBounds } from '../hosting/variant.ts';
import type { ContainerRequest } from '../model/model-process.ts';
import type { Backlog, BacklogEntry } from './backlog.ts';
import { completedMessage, failedMessage } from './messages.ts';
import type { AsynchronousMetrics } from './metrics.ts';
import type { QueuedRequest } from './request.ts';
import { type EndpointStorage, StepFailed } from './storage.ts';

/** Bytes that an asynchronous request may have: a gigabyte. */
const PAYLOAD_LIMIT = 1024 ** 3;

/** How often the backlog's metrics are published, in milliseconds. */
const METRICS_PERIOD_MS = 60_000;

/** When in a minute that is: far from its ends, so that a late timer leaves no minute without them. */
const METRICS_OFFSET_MS = METRICS_PERIOD_MS / 2;

/** What works a queue off. */
export interface Workers {
  /** How many there are to be now; none where the endpoint is scaled to zero. */
  instanceCount(): number;
  /** How many of them answer. */
  readyCount(): number;
  /** @throws {ModelError} where the model answers an error, too late or not at all */
  invoke(request: ContainerRequest, bounds: InvocationBounds): Promise<Invocation>;
}

export interface AsynchronousQueueOptions {
  readonly cloud: LocalCloud;
  readonly endpoint: string;
  readonly declared: DeclaredAsynchronous;
  readonly backlog: Backlog;
  readonly storage: EndpointStorage;
  readonly metrics: AsynchronousMetrics;
  readonly workers: Workers;
}

/**
 * The queue of an asynchronous endpoint. A request leaves it once its outcome is in S3 and has been published: one that a
 * crash interrupts runs again, and its outcome may then be published twice, as messages of SNS may be anyway.
 */
export class AsynchronousQueue {
  readonly #options: AsynchronousQueueOptions;
  readonly #waiting: BacklogEntry[];
  readonly #running = new Map<BacklogEntry, Promise<void>>();
  readonly #emptying: (() => void)[] = [];
  #cancelMetrics = (): void => undefined;
  #closed = false;

  /** Takes over what an earlier run left; what the deployment before this one has accepted, that one brings to its end. */
  constructor(options: AsynchronousQueueOptions) {
    this.#options = options;
    const left = options.backlog.load();
    this.#waiting = options.cloud.predecessor === undefined ? [...left] : [];
  }

  /** Starts to work, and to publish metrics every minute. */
  start(): void {
    this.#publishMetrics();
    this.capacityChanged();
  }

  get declared(): DeclaredAsynchronous {
    return this.#options.declared;
  }

  /** Accepts a request; it is on disk when this resolves. */
  async accept(request: QueuedRequest): Promise<void> {
    this.#waiting.push(await this.#options.backlog.add(request));
    this.capacityChanged();
  }

  /** Begins what the instances have room for: to be called whenever one more of them is ready. */
  capacityChanged(): void {
    const { workers, declared } = this.#options;
    const capacity = workers.readyCount() * declared.concurrencyPerInstance;
    while (!this.#closed && this.#running.size < capacity) {
      const entry = this.#waiting.shift();
      if (entry === undefined) return;
      this.#running.set(
        entry,
        this.#run(entry).finally(() => {
          this.#running.delete(entry);
          this.capacityChanged();
          this.#tellIfEmpty();
        }),
      );
    }
  }

  /** Begins nothing more; what is under way when its model ends is begun again by the next run. */
  stop(): void {
    this.#closed = true;
    this.#cancelMetrics();
  }

  /** Resolves once nothing waits and nothing is under way. */
  emptied(): Promise<void> {
    const empty = new Promise<void>((resolve) => this.#emptying.push(resolve));
    this.#tellIfEmpty();
    return empty;
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #tellIfEmpty(): void {
    if (this.#waiting.length > 0 || this.#running.size > 0) return;
    for (const tell of this.#emptying.splice(0)) tell();
  }

  /** Once a minute, as of the time that it was due. */
  #publishMetrics(): void {
    const { clock } = this.#options.cloud;
    const now = clock.now();
    const untilDue = METRICS_PERIOD_MS - ((now + METRICS_OFFSET_MS) % METRICS_PERIOD_MS);
    this.#cancelMetrics = clock.after(untilDue, () => {
      this.#expire();
      this.#options.metrics.backlog(this.#state(), now + untilDue);
      this.#publishMetrics();
    });
  }

  async #run(entry: BacklogEntry): Promise<void> {
    const { cloud, backlog, metrics } = this.#options;
    const { request } = entry;
    try {
      metrics.waited(cloud.clock.now() - request.receivedAt);
      if (this.#isExpired(request)) await this.#giveUp(request);
      else if (!(await this.#process(request))) return;
      await backlog.remove(entry);
    } catch (error) {
      cloud.log.warn(`endpoint ${this.#options.endpoint}: ${request.inferenceId}: ${(error as Error).stack}`);
    }
  }

  /** False where the end of the local cloud interrupted it. */
  async #process(request: QueuedRequest): Promise<boolean> {
    const { storage, declared, metrics, cloud } = this.#options;
    try {
      const body = await storage.read(request.inputLocation);
      const { answer } = await this.#invoke(request, body);
      const type = answer.headers['content-type'];
      const contentType = typeof type === 'string' ? type : 'application/octet-stream';
      await storage.write(request.outputLocation, answer.body, contentType);
      await this.#publish(declared.successTopicArn, (context) =>
        completedMessage(context, request, contentType),
      );
    } catch (error) {
      // Stopping ends the model under its requests: they have not failed, and run again.
      if (this.#closed) return false;
      await this.#fail(request, error as Error);
    }
    metrics.processed(cloud.clock.now() - request.receivedAt);
    return true;
  }

  async #invoke(request: QueuedRequest, body: Buffer): Promise<Invocation> {
    const { workers, metrics, cloud } = this.#options;
    const started = cloud.clock.now();
    const bounds = { timeoutMs: request.timeoutSeconds * 1000, payloadLimit: PAYLOAD_LIMIT };
    try {
      const invocation = await workers.invoke({ headers: request.headers, body }, bounds);
      metrics.answered(invocation.answer.status, invocation.modelLatencyMs);
      return invocation;
    } catch (error) {
      if (error instanceof ModelError && !this.#closed)
        metrics.answered(error.originalStatus, cloud.clock.now() - started);
      throw error;
    }
  }

  async #fail(request: QueuedRequest, error: Error): Promise<void> {
    const { storage, declared, metrics, cloud, endpoint } = this.#options;
    metrics.count('InvocationFailures');
    if (error instanceof StepFailed) metrics.count(error.metric);
    else if (!(error instanceof ModelError)) cloud.log.warn(`endpoint ${endpoint}: ${error.stack}`);
    if (request.failureLocation !== undefined) {
      const text = error instanceof ModelError ? error.originalMessage : error.message;
      await storage
        .write(request.failureLocation, Buffer.from(text), 'text/plain')
        .catch((failure: Error) => cloud.log.warn(`endpoint ${endpoint}: ${failure.message}`));
    }
    await this.#publish(declared.errorTopicArn, (context) => failedMessage(context, request, error.message));
  }

  async #giveUp(request: QueuedRequest): Promise<void> {
    const { metrics, declared } = this.#options;
    metrics.count('ExpiredRequests');
    const reason = `The request expired: it waited for more than ${request.timeToLiveSeconds} s`;
    await this.#publish(declared.errorTopicArn, (context) => failedMessage(context, request, reason));
  }

  /** A notification that can't be published is counted and lost, as on AWS. */
  async #publish(
    topicArn: string | undefined,
    message: (context: { region: string; endpoint: string; now: number }) => object,
  ): Promise<void> {
    if (topicArn === undefined) return;
    const { storage, metrics, cloud, endpoint } = this.#options;
    try {
      await storage.publish(topicArn, message({ region: cloud.region, endpoint, now: cloud.clock.now() }));
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      metrics.count(error.metric);
      cloud.log.warn(`endpoint ${endpoint}: ${error.message}`);
    }
  }

  /** Gives up what has waited too long, also while there is no instance to begin it. */
  #expire(): void {
    const expired = this.#waiting.filter(({ request }) => this.#isExpired(request));
    for (const entry of expired) {
      this.#waiting.splice(this.#waiting.indexOf(entry), 1);
      this.#running.set(
        entry,
        this.#run(entry).finally(() => {
          this.#running.delete(entry);
          this.#tellIfEmpty();
        }),
      );
    }
  }

  #isExpired({ receivedAt, timeToLiveSeconds }: QueuedRequest): boolean {
    return this.#options.cloud.clock.now() - receivedAt > timeToLiveSeconds * 1000;
  }

  #state() {
    const now = this.#options.cloud.clock.now();
    const [oldest] = this.#waiting;
    return {
      size: this.#waiting.length + this.#running.size,
      instances: this.#options.workers.instanceCount(),
      oldestAgeSeconds: oldest === undefined ? 0 : Math.floor((now - oldest.request.receivedAt) / 1000),
    };
  }
}
