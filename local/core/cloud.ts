import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadAssembly } from '../template/assembly.ts';
import { Resources } from '../template/resources.ts';
import { Access } from './access.ts';
import { answerAdmin, type ResourceSummary } from './admin.ts';
import { Credentials, roleNameOf } from './credentials.ts';
import { Faults } from './faults.ts';
import { FileLog, standardErrorTerminal, type Terminal } from './file-log.ts';
import { FrontDoor } from './front-door.ts';
import { inertTypes } from './inert-types.ts';
import { MemoryMetricStore } from './metric-store.ts';
import type {
  Clock,
  CloudServices,
  LocalCloud,
  NotEmulatedResource,
  ResourceSupport,
  RunningService,
  ServicePlugin,
} from './plugin.ts';
import { readRolePolicies } from './policies.ts';
import { systemClock } from './system-clock.ts';

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
  /** The services to run, in the order in which they start; they stop in the reverse order. */
  readonly plugins: readonly ServicePlugin[];
  /** Where messages for a person go. @default - standard error */
  readonly log?: Terminal;
}

/** A type of resource that does nothing here, or not all that it would do on AWS. */
export interface TypeNote {
  readonly type: string;
  readonly paths: readonly string[];
  readonly reason: string;
}

export interface RunningCloud {
  readonly frontDoorUrl: string;
  readonly cloud: LocalCloud;
  readonly services: CloudServices;
  /** What the templates declare and the local cloud has no answer to. */
  readonly notEmulated: readonly TypeNote[];
  /** What is accepted but has less effect than on AWS. */
  readonly inert: readonly TypeNote[];
  /** Stops every service and the front door, and flushes the logs. */
  close(): Promise<void>;
}

/**
 * Starts the local cloud from a cloud assembly: the front door first, so that its URL is known, then every plugin.
 * @throws {TemplateError} where the assembly can't be understood; nothing keeps running then
 */
export async function createCloud(options: CloudOptions): Promise<RunningCloud> {
  const { plugins, clock = systemClock } = options;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const assembly = loadAssembly(resolve(options.assemblyDir));
  const supports: Record<string, ResourceSupport> = { ...inertTypes };
  for (const plugin of plugins) Object.assign(supports, plugin.resourceTypes);
  const log = new FileLog(dataDir, options.log ?? standardErrorTerminal);
  const credentials = new Credentials();
  const faults = new Faults();
  const metrics = new MemoryMetricStore();
  const services: CloudServices = {};
  const running: RunningService[] = [];
  let resources: Resources | undefined;
  let ready = false;

  const listed = (): ResourceSummary[] => (resources === undefined ? [] : summaries(resources, supports));
  const frontDoor = new FrontDoor({
    credentials,
    faults,
    clock,
    log,
    admin: (request, url) =>
      answerAdmin(
        {
          faults,
          metrics,
          resources: listed,
          processes: () => running.flatMap((service) => service.processes?.() ?? []),
          ready: () => ready,
        },
        request,
        url,
      ),
  });

  const close = async (): Promise<void> => {
    ready = false;
    for (const service of running.toReversed()) await service.close();
    await frontDoor.close();
    await log.close();
  };

  try {
    const frontDoorUrl = await frontDoor.listen(options.frontDoorPort ?? 0);
    const declared = new Resources(assembly, supports, frontDoorUrl);
    resources = declared;
    const cloud: LocalCloud = {
      assemblyDir: assembly.directory,
      dataDir,
      region: assembly.region,
      accountId: assembly.accountId,
      clock,
      log,
      metrics,
      faults,
      services,
      frontDoorUrl,
      port: options.port ?? 0,
      resources: (type) => declared.ofType(type),
      asset: (name) => assembly.assets.find(name),
      denial: (roleArn, permissions) =>
        access.denial({ kind: 'role', roleArn, sessionName: roleNameOf(roleArn) }, permissions),
      principal: (accessKeyId) => credentials.principal(accessKeyId),
      credentialsFor: (roleArn, sessionName) => credentials.issue(roleArn, sessionName),
    };
    const roles = readRolePolicies(cloud.resources);
    for (const { roleArn, unknown } of roles) {
      for (const arn of unknown)
        log.warn(`${roleArn}: the content of ${arn} is not known here: it grants nothing`);
    }
    const access = new Access(roles, assembly.accountId, (message) => log.warn(message));
    frontDoor.authorizeWith(access);

    const unrunnable: NotEmulatedResource[] = [];
    for (const plugin of plugins) {
      const service = await plugin.start(cloud);
      running.push(service);
      unrunnable.push(...(service.notEmulated ?? []));
      if (service.api !== undefined) frontDoor.serve(service.api);
    }
    ready = true;
    return {
      frontDoorUrl,
      cloud,
      services,
      notEmulated: [...unsupported(declared, supports), ...unrunnable.map(asNote)],
      inert: inertNotes(declared, supports),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function summaries(
  resources: Resources,
  supports: Readonly<Record<string, ResourceSupport>>,
): ResourceSummary[] {
  return resources.declared().map((one) => ({
    ...one,
    ref: resources.identity(one.stack, one.logicalId).ref,
    support: supports[one.type]?.support ?? 'not emulated',
  }));
}

function asNote({ type, path, reason }: NotEmulatedResource): TypeNote {
  return { type, paths: [path], reason };
}

function unsupported(resources: Resources, supports: Readonly<Record<string, ResourceSupport>>): TypeNote[] {
  return [...pathsByType(resources)]
    .filter(([type]) => supports[type] === undefined)
    .map(([type, paths]) => ({ type, paths, reason: 'the local cloud does not emulate this type' }));
}

function inertNotes(resources: Resources, supports: Readonly<Record<string, ResourceSupport>>): TypeNote[] {
  return [...pathsByType(resources)].flatMap(([type, paths]) => {
    const support = supports[type];
    return support?.support === 'inert' && support.note !== '' ? [{ type, paths, reason: support.note }] : [];
  });
}

function pathsByType(resources: Resources): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const { type, path } of resources.declared()) paths.set(type, [...(paths.get(type) ?? []), path]);
  return paths;
}
