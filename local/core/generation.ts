import { resolve } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import type { Faults } from '../faults/faults.ts';
import { type Assembly, loadAssembly } from '../template/assembly.ts';
import type { ResourceSupport } from '../template/resource-types.ts';
import { Resources } from '../template/resources.ts';
import type { ResourceSummary } from './admin/source.ts';
import type { Callbacks } from './callbacks.ts';
import { Access } from './iam/access.ts';
import { type Credentials, roleNameOf } from './iam/credentials.ts';
import { readRolePolicies } from './iam/policies.ts';
import { inertTypes } from './inert-types.ts';
import type { Callback, LocalCloud } from './plugin/local-cloud.ts';
import type { LocalLog } from './plugin/log.ts';
import type { MetricStore } from './plugin/metrics.ts';
import type { NotEmulatedResource, RunningService, ServicePlugin } from './plugin/service-plugin.ts';
import type { CloudServices } from './plugin/services.ts';
import { inertNotes, notEmulatedNotes, type TypeNote } from './type-notes.ts';
import type { AwsApi } from './wire/aws-api.ts';

/** What all deployments of a local cloud have in common. */
export interface Ground {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: LocalLog;
  readonly metrics: MetricStore;
  readonly faults: Faults;
  readonly credentials: Credentials<Generation>;
  readonly callbacks: Callbacks;
  readonly plugins: readonly ServicePlugin[];
  readonly frontDoorUrl: string;
  /** The port asked for the public API. */
  readonly port: number;
}

interface Member {
  readonly plugin: ServicePlugin;
  readonly service: RunningService;
  /** Whether it shares what it has with the service before it. */
  readonly adopted: boolean;
}

/**
 * One deployment of an assembly: its resources, what its roles may do, and its services. The next one is started beside it,
 * takes over what has state, and replaces it once it has proven itself.
 */
export class Generation {
  readonly cloud: LocalCloud;
  readonly services: CloudServices = {};
  readonly apis = new Map<string, AwsApi>();
  readonly access: Access;
  readonly #ground: Ground;
  readonly #resources: Resources;
  readonly #supports: Readonly<Record<string, ResourceSupport>>;
  readonly #members: Member[] = [];
  #predecessor: Generation | undefined;

  private constructor(ground: Ground, assembly: Assembly, predecessor: Generation | undefined) {
    this.#ground = ground;
    this.#supports = supportsOf(ground.plugins, assembly);
    this.#resources = new Resources(assembly, this.#supports, ground.frontDoorUrl);
    this.#predecessor = predecessor;
    this.cloud = this.#view(assembly);
    const roles = readRolePolicies(this.cloud.resources);
    for (const { roleArn, unknown } of roles) {
      for (const arn of unknown)
        ground.log.warn(`${roleArn}: the content of ${arn} is not known here: it grants nothing`);
    }
    this.access = new Access(roles, assembly.accountId, (message) => ground.log.warn(message));
  }

  /**
   * Starts the services of an assembly beside those of the deployment before it, and proves them. Nothing of it remains
   * where that fails.
   * @param admit told of the generation before its services start, so that they are let in at the front door
   * @param prove what else has to succeed before it takes over
   * @throws {TemplateError} where the assembly can't be understood; whatever its services throw
   */
  static async prepare(
    ground: Ground,
    assemblyDir: string,
    predecessor: Generation | undefined,
    admit: (generation: Generation) => void,
    prove: (cloud: LocalCloud) => Promise<void>,
  ): Promise<Generation> {
    const generation = new Generation(ground, loadAssembly(resolve(assemblyDir)), predecessor);
    admit(generation);
    try {
      for (const plugin of ground.plugins) await generation.#start(plugin);
      await Promise.all([
        ...generation.#members.map(({ service }) => service.deploy?.()),
        prove(generation.cloud),
      ]);
      return generation;
    } catch (error) {
      await generation.#abandon();
      throw error;
    }
  }

  /** What a plugin runs in this deployment. */
  service(plugin: ServicePlugin): RunningService | undefined {
    return this.#members.find((member) => member.plugin === plugin)?.service;
  }

  /** Takes over. */
  activate(): void {
    // Nothing is kept of deployments that are over.
    this.#predecessor = undefined;
    for (const { service } of this.#members) service.activate?.();
  }

  /**
   * Ends after the next generation has taken over, when what is under way has come to its end.
   * @param hurry cuts that short
   */
  async retire(hurry: Promise<void>): Promise<void> {
    await Promise.race([this.#drain(), hurry]);
    for (const { service } of this.#members.toReversed()) {
      // What the next generation has adopted is its own now.
      if (service.adopt === undefined) await service.close();
    }
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    for (const { service } of this.#members.toReversed()) await service.close();
  }

  processes() {
    return this.#members.flatMap(({ service }) => service.processes?.() ?? []);
  }

  /** What the templates declare and the local cloud has no answer to. */
  get notEmulated(): readonly TypeNote[] {
    const unrunnable: NotEmulatedResource[] = this.#members.flatMap(({ service }) => [
      ...(service.notEmulated ?? []),
    ]);
    return notEmulatedNotes(this.#resources.declared(), this.#supports, unrunnable);
  }

  /** What is accepted but has less effect than on AWS. */
  get inert(): readonly TypeNote[] {
    return inertNotes(this.#resources.declared(), this.#supports);
  }

  resources(): readonly ResourceSummary[] {
    return this.#resources.declared().map((one) => ({
      ...one,
      ref: this.#resources.identity(one.stack, one.logicalId).ref,
      support: this.#supports[one.type]?.support ?? 'not emulated',
    }));
  }

  async #start(plugin: ServicePlugin): Promise<void> {
    const adopted = await this.#predecessor?.service(plugin)?.adopt?.(this.cloud);
    const service = adopted ?? (await plugin.start(this.cloud));
    this.#members.push({ plugin, service, adopted: adopted !== undefined });
    if (service.api !== undefined) this.apis.set(service.api.signingName, service.api);
  }

  async #abandon(): Promise<void> {
    for (const { service, adopted } of this.#members.toReversed()) {
      await service.abandon?.();
      if (!adopted) await service.close();
    }
  }

  async #drain(): Promise<void> {
    // Twice: what one service still does may ask another one that was idle before.
    for (const { service } of [...this.#members, ...this.#members].toReversed()) await service.drain?.();
  }

  #view(assembly: Assembly): LocalCloud {
    const predecessor = () => this.#predecessor?.cloud;
    const { dataDir, clock, log, metrics, faults, credentials, callbacks, frontDoorUrl, port } = this.#ground;
    return {
      assemblyDir: assembly.directory,
      stacks: assembly.stacks,
      dataDir,
      region: assembly.region,
      accountId: assembly.accountId,
      clock,
      log,
      metrics,
      faults,
      services: this.services,
      frontDoorUrl,
      get predecessor() {
        return predecessor();
      },
      port,
      callback: (): Callback => callbacks.open(),
      resources: (type) => this.#resources.ofType(type),
      types: () => [...new Set(this.#resources.declared().map(({ type }) => type))],
      asset: (name) => assembly.assets.find(name),
      denial: (roleArn, permissions) =>
        this.access.denial({ kind: 'role', roleArn, sessionName: roleNameOf(roleArn) }, permissions),
      principal: (accessKeyId) => credentials.principal(accessKeyId),
      credentialsFor: (roleArn, sessionName) => credentials.issue(this, roleArn, sessionName),
    };
  }
}

/** How each type of an assembly is treated. */
function supportsOf(
  plugins: readonly ServicePlugin[],
  assembly: Assembly,
): Readonly<Record<string, ResourceSupport>> {
  const supports: Record<string, ResourceSupport> = { ...inertTypes };
  for (const plugin of plugins) Object.assign(supports, plugin.resourceTypes);
  const types = assembly.stacks.flatMap(({ template }) =>
    Object.values(template.Resources).map(({ Type }) => Type),
  );
  for (const type of new Set(types)) {
    for (const plugin of plugins) {
      const support = plugin.supportOf?.(type);
      if (support !== undefined) supports[type] = support;
    }
  }
  return supports;
}
