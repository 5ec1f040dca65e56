import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { Faults } from '../faults/faults.ts';
import { answerAdmin } from './admin/routes.ts';
import { Callbacks } from './callbacks.ts';
import { FileLog, standardErrorTerminal, type Terminal } from './file-log.ts';
import { FrontDoor } from './front-door.ts';
import { Generation } from './generation.ts';
import { Credentials } from './iam/credentials.ts';
import type { LocalCloud } from './plugin/local-cloud.ts';
import type { MetricStore } from './plugin/metrics.ts';
import type { ServicePlugin } from './plugin/service-plugin.ts';
import type { CloudServices } from './plugin/services.ts';
import type { TypeNote } from './type-notes.ts';

export interface CloudOptions {
  /** The synthesized cloud assembly (`cdk.out`). */
  readonly assemblyDir: string;
  /** Where data and logs are kept; made where it does not exist. */
  readonly dataDir: string;
  /** The port of the public API, for the plugin that serves it. @default 0 - any free port */
  readonly port?: number;
  /** The port of the front door. @default 0 - any free port */
  readonly frontDoorPort?: number;
  /** @default - the machine's own time */
  readonly clock?: Clock;
  /** Where the services and the functions put what they measure; deployments share it. */
  readonly metrics: MetricStore;
  /** The services to run, in the order in which they start; they stop in the reverse order. */
  readonly plugins: readonly ServicePlugin[];
  /** What has to succeed before a deployment takes over, besides what its services ask for. @default - nothing */
  readonly prove?: (cloud: LocalCloud) => Promise<void>;
  /** Told of each deployment once it serves and whoever waits for it has been told; nobody waits for this. @default - nothing */
  readonly onServing?: (cloud: LocalCloud) => void;
  /** Where messages for a person go. @default - standard error */
  readonly log?: Terminal;
}

/** A deployment that was given up: what ran before it runs on. The message says why. */
export class DeploymentFailed extends Error {
  override readonly name = 'DeploymentFailed';
}

export interface RunningCloud {
  readonly frontDoorUrl: string;
  /** The deployment that serves now. */
  readonly cloud: LocalCloud;
  readonly services: CloudServices;
  /** What the templates declare and the local cloud has no answer to. */
  readonly notEmulated: readonly TypeNote[];
  /** What is accepted but has less effect than on AWS. */
  readonly inert: readonly TypeNote[];
  /**
   * Replaces what serves by another assembly, without dropping a request; one deployment at a time.
   * @throws {DeploymentFailed} where it is given up
   */
  deploy(assemblyDir: string): Promise<void>;
  /** Stops every service and the front door, and flushes the logs. */
  close(): Promise<void>;
}

/**
 * Starts the local cloud from a cloud assembly: the front door first, so that its URL is known, then every plugin.
 * @throws {TemplateError} where the assembly can't be understood; whatever a service can't start with
 */
export async function createCloud(options: CloudOptions): Promise<RunningCloud> {
  const {
    plugins,
    metrics,
    clock = systemClock,
    prove = async () => undefined,
    onServing = () => undefined,
  } = options;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const log = new FileLog(dataDir, options.log ?? standardErrorTerminal);
  const credentials = new Credentials<Generation>();
  const faults = new Faults(clock);
  let frontDoorUrl = '';
  const callbacks = new Callbacks(() => `${frontDoorUrl}/_local/callbacks/`);
  /** What serves; until the first one does, what is about to. */
  let current: Generation | undefined;
  let ready = false;
  const alive = new Set<Generation>();
  const retiring = new Set<Promise<void>>();
  /** Deployments, one after another. */
  let work: Promise<unknown> = Promise.resolve();
  let hurry = (): void => undefined;
  const ending = new Promise<void>((resolve) => {
    hurry = resolve;
  });

  const frontDoor = new FrontDoor({
    faults,
    clock,
    log,
    caller: (accessKeyId) => ({
      principal: credentials.principal(accessKeyId),
      // A function is let in by the deployment that it belongs to, and sees the services of that one.
      target: credentials.holder(accessKeyId) ?? current,
    }),
    admin: (request, url) =>
      answerAdmin(
        {
          faults,
          metrics,
          resources: () => current?.resources() ?? [],
          processes: () => [...alive].flatMap((generation) => generation.processes()),
          ready: () => ready,
          answerCallback: (id, body) => callbacks.answer(id, body),
          deploy,
        },
        request,
        url,
      ),
  });

  const forget = (generation: Generation): void => {
    alive.delete(generation);
    credentials.revoke(generation);
  };

  const prepare = (assemblyDir: string, predecessor: Generation | undefined): Promise<Generation> => {
    let admitted: Generation | undefined;
    const ground = { dataDir, clock, log, metrics, faults, credentials, callbacks, plugins, frontDoorUrl };
    return Generation.prepare(
      { ...ground, port: options.port ?? 0 },
      assemblyDir,
      predecessor,
      (generation) => {
        admitted = generation;
        alive.add(generation);
        current ??= generation;
      },
      prove,
    ).catch((error: unknown) => {
      if (admitted !== undefined) forget(admitted);
      throw error;
    });
  };

  const serve = (generation: Generation): void => {
    current = generation;
    generation.activate();
    setImmediate(onServing, generation.cloud);
  };

  const replace = async (assemblyDir: string): Promise<void> => {
    const old = current;
    let next: Generation;
    try {
      next = await prepare(assemblyDir, old);
    } catch (error) {
      throw new DeploymentFailed((error as Error).message, { cause: error });
    }
    serve(next);
    if (old === undefined) return;
    const retired = old
      .retire(ending)
      .catch((error: Error) => log.warn(`the deployment before this one did not end well: ${error.message}`))
      .finally(() => {
        forget(old);
        retiring.delete(retired);
      });
    retiring.add(retired);
  };

  function deploy(assemblyDir: string): Promise<void> {
    const deployed = work.then(() => replace(assemblyDir));
    work = deployed.catch(() => undefined);
    return deployed;
  }

  const close = async (): Promise<void> => {
    ready = false;
    hurry();
    await work;
    await Promise.all(retiring);
    await current?.close();
    await frontDoor.close();
    await log.close();
  };

  try {
    frontDoorUrl = await frontDoor.listen(options.frontDoorPort ?? 0);
    serve(await prepare(options.assemblyDir, undefined));
    ready = true;
  } catch (error) {
    current = undefined;
    await close();
    throw error;
  }
  const serving = (): Generation => {
    if (current === undefined) throw new Error('the local cloud has ended');
    return current;
  };
  return {
    frontDoorUrl,
    get cloud() {
      return serving().cloud;
    },
    get services() {
      return serving().services;
    },
    get notEmulated() {
      return serving().notEmulated;
    },
    get inert() {
      return serving().inert;
    },
    deploy,
    close,
  };
}
