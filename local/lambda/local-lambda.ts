import { randomUUID } from 'node:crypto';
import { stopwatch } from '../clock/clock.ts';
import { offerCapacity } from '../core/plugin/capacity.ts';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { ServiceProcess } from '../core/plugin/service-plugin.ts';
import type { Invoker } from '../faults/fault.ts';
import type { FunctionReference } from './arn.ts';
import { Catalogue, type Target } from './catalogue.ts';
import { readEmbeddedMetrics } from './emf.ts';
import { FunctionsEnded, NotEmulated, REQUEST_LIMIT_BYTES, RequestTooLarge } from './errors.ts';
import { ExecutionEnvironment, InitTimedOut } from './execution-environment.ts';
import { jsonLog, TEXT_LOG } from './function-log.ts';
import type { FunctionConfig } from './functions.ts';
import { InvocationMetrics } from './metrics.ts';
import { type Permission, permits, readPermissions } from './permissions.ts';
import { EnvironmentPool } from './pool.ts';
import { type ProvisionedAlias, ProvisionedConcurrency, readProvisioned } from './provisioned.ts';
import { RUNTIME_DIR } from './sandbox.ts';
import {
  type InvokeOptions,
  type InvokeResult,
  LambdaRefused,
  type LambdaService,
  LambdaThrottled,
} from './service.ts';
import type { TaskRoots } from './task-roots.ts';
import { traceHeader } from './trace-header.ts';
import { environmentVariables } from './variables.ts';

/** Lambda's default for all functions of an account without a reservation of their own (Lambda quotas). */
const ACCOUNT_CONCURRENCY = 1000;
/** The init phase's own limit; past it Lambda starts over under the function's timeout. */
const INIT_LIMIT_SECONDS = 10;
/**
 * Processes of one function at once. AWS would start as many as are needed; here further invocations wait, which
 * keeps a laptop responsive and changes latency only: throttling counts waiting invocations as running ones.
 */
const MAX_ENVIRONMENTS = 10;

/** Lambda as the other services of the local cloud see it. */
export class LocalLambda implements LambdaService {
  readonly catalogue: Catalogue;
  readonly #cloud: LocalCloud;
  readonly #taskRoots: TaskRoots;
  readonly #permissions: readonly Permission[];
  readonly #metrics: InvocationMetrics;
  readonly #pools = new Map<string, EnvironmentPool>();
  /** By `name:alias`. */
  readonly #provisioned = new Map<string, ProvisionedConcurrency>();
  readonly #unreservedLimit: number;
  #unreserved = 0;
  #closed = false;

  constructor(cloud: LocalCloud, taskRoots: TaskRoots) {
    this.#cloud = cloud;
    this.#taskRoots = taskRoots;
    this.catalogue = new Catalogue(cloud);
    this.#permissions = readPermissions(cloud.resources('AWS::Lambda::Permission'));
    this.#metrics = new InvocationMetrics(cloud.metrics, () => cloud.clock.now());
    const reserved = [...this.catalogue.functions.values()].map((one) => one.reservedConcurrency ?? 0);
    this.#unreservedLimit = ACCOUNT_CONCURRENCY - reserved.reduce((sum, one) => sum + one, 0);
  }

  /**
   * @throws {LambdaThrottled} where the reserved or the account's concurrency is used up, or an injected fault says so
   * @throws {LambdaRefused} where an injected fault says so
   * @throws {RequestTooLarge} where the event is over 6 MB
   * @throws {FunctionNotFound} where no template declares the function, alias or version
   * @throws {NotEmulated} where the function can't run on a laptop
   * @throws {FunctionsEnded} after `close`
   */
  async invoke(
    functionArn: string,
    event: unknown,
    options: InvokeOptions & { readonly requestId?: string } = {},
  ): Promise<InvokeResult> {
    const json = JSON.stringify(event ?? {});
    if (Buffer.byteLength(json) > REQUEST_LIMIT_BYTES) throw new RequestTooLarge();
    const target = this.catalogue.find(functionArn);
    const { code, path } = target.config;
    if (code.kind === 'not-emulated') throw new NotEmulated(`${path}: ${code.reason}`);
    const struck = options.from && (await this.#strike(target, options.from));
    if (struck !== undefined) return struck;
    const release = this.#admit(target);
    const end = this.#provisioned.get(qualifiedName(target.reference))?.begin();
    try {
      const outcome = await this.#pool(target).invoke({
        requestId: options.requestId ?? randomUUID(),
        event: json,
        invokedFunctionArn: target.invokedArn,
        traceId: traceHeader(options.traceId, this.#cloud.clock.now()),
      });
      this.#metrics.invoked(target.reference, outcome.durationMs, outcome.error !== undefined);
      const payload: unknown = JSON.parse(outcome.payload);
      return outcome.error === undefined ? { payload } : { payload, functionError: 'Unhandled' };
    } catch (error) {
      if (error instanceof LambdaThrottled) this.#metrics.throttled(target.reference);
      throw error;
    } finally {
      end?.();
      release();
    }
  }

  /** Has the environments ready that aliases provision, and offers their number for scaling. */
  provision(): void {
    for (const alias of readProvisioned(this.#cloud.resources('AWS::Lambda::Alias'))) this.#provision(alias);
  }

  permits(functionArn: string, principal: string, sourceArn: string): boolean {
    return permits(this.#permissions, functionArn, principal, sourceArn);
  }

  /**
   * Starts one execution environment where there is none yet; a failing init is logged and met again when invoked.
   * @throws {FunctionNotFound} where no template declares the function, {FunctionsEnded} after `close`
   */
  async warm(functionArn: string): Promise<void> {
    const target = this.catalogue.find(functionArn);
    if (target.config.code.kind !== 'not-emulated') await this.#pool(target).warm();
  }

  release(functionArn: string): void {
    const target = this.catalogue.find(functionArn);
    this.#pools.get(poolKey(target))?.keep(0);
  }

  /** The processes of every execution environment. */
  processes(): readonly ServiceProcess[] {
    return [...this.#pools].flatMap(([name, pool]) => pool.pids().map((pid) => ({ name, pid })));
  }

  /** Resolves when no invocation is under way. */
  async settled(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.settled()));
  }

  /** Refuses what is still asked, and resolves when the last process has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  /**
   * Lets a fault strike an invocation by another service; answers the function's error where it poses as one, and undefined where
   * the invocation goes on.
   */
  async #strike(target: Target, from: Invoker): Promise<InvokeResult | undefined> {
    const { name } = target.reference;
    const functionNames = [name, qualifiedName(target.reference), target.invokedArn];
    const elapsed = stopwatch(this.#cloud.clock);
    const error = await this.#cloud.faults.strike({ at: 'invocation', functionNames, from });
    if (error === undefined) return undefined;
    const { status, code, message } = error;
    if (status === 200) {
      this.#metrics.invoked(target.reference, elapsed(), true);
      return { payload: { errorType: code, errorMessage: message }, functionError: 'Unhandled' };
    }
    if (status !== 429) throw new LambdaRefused(status, code, message);
    this.#metrics.throttled(target.reference);
    throw new LambdaThrottled(message);
  }

  /** Counts an invocation against the account's unreserved concurrency. */
  #admit(target: Target): () => void {
    if (target.config.reservedConcurrency !== undefined) return () => undefined;
    if (this.#unreserved >= this.#unreservedLimit) {
      this.#metrics.throttled(target.reference);
      throw new LambdaThrottled('Rate Exceeded.');
    }
    this.#unreserved++;
    return () => {
      this.#unreserved--;
    };
  }

  #provision({ functionName, alias, executions }: ProvisionedAlias): void {
    const target = this.catalogue.find(`${functionName}:${alias}`);
    if (target.config.code.kind === 'not-emulated') return;
    const provisioned = new ProvisionedConcurrency({
      executions,
      ready: (environments) => this.#pool(target).keep(environments),
      used: (share) => this.#metrics.provisioned(target.reference, share),
    });
    this.#provisioned.set(qualifiedName(target.reference), provisioned);
    const resourceId = `function:${functionName}:${alias}`;
    offerCapacity(this.#cloud.services, 'lambda:function:ProvisionedConcurrency', resourceId, provisioned);
    provisioned.start();
  }

  #pool(target: Target): EnvironmentPool {
    const { config, version } = target;
    const key = poolKey(target);
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    // Nobody would end the processes of a pool that is made now.
    if (this.#closed) throw new FunctionsEnded();
    const pool = new EnvironmentPool({
      reservedConcurrency: config.reservedConcurrency,
      maxEnvironments: MAX_ENVIRONMENTS,
      start: () => this.#start(config, version),
      onInitFailed: (error) => this.#cloud.log.warn(`${config.path}: init failed: ${error.message}`),
    });
    this.#pools.set(key, pool);
    return pool;
  }

  async #start(config: FunctionConfig, version: string): Promise<ExecutionEnvironment> {
    const taskRoot = await this.#taskRoots.folder(config.code);
    const cloud = this.#cloud;
    const onLine = (line: string) => {
      cloud.log.group(config.logGroup, line);
      for (const datum of readEmbeddedMetrics(line)) {
        if (cloud.metrics.put(datum)) continue;
        const { name, value, timestamp } = datum;
        cloud.log.warn(
          `${config.path}: CloudWatch would refuse ${name} with the value ${value} and the timestamp ${timestamp}`,
        );
      }
    };
    const options = {
      taskRoot,
      version,
      memoryMb: config.memoryMb,
      timeoutSeconds: config.timeoutSeconds,
      log: config.logFormat === 'JSON' ? jsonLog(() => cloud.clock.now()) : TEXT_LOG,
      clock: cloud.clock,
      onLine,
      variables: (runtimeApi: string, logStream: string) =>
        environmentVariables(config, {
          taskRoot,
          runtimeDir: RUNTIME_DIR,
          runtimeApi,
          version,
          logStream,
          frontDoorUrl: cloud.frontDoorUrl,
          credentials: cloud.credentialsFor(config.roleArn, config.name),
        }),
    };
    try {
      return await ExecutionEnvironment.start(options, INIT_LIMIT_SECONDS);
    } catch (error) {
      if (!(error instanceof InitTimedOut) || this.#closed) throw error;
      onLine(`INIT_REPORT Init Duration: ${INIT_LIMIT_SECONDS * 1000}.00 ms\tPhase: init\tStatus: timeout`);
      return ExecutionEnvironment.start(options, config.timeoutSeconds);
    }
  }
}

function poolKey({ config, version }: Target): string {
  return `${config.name}:${version}`;
}

function qualifiedName({ name, qualifier }: FunctionReference): string {
  return qualifier === undefined ? name : `${name}:${qualifier}`;
}
