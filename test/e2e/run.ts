import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { FunctionName } from '../../lib/features/functions.ts';
import type { Clock } from '../../local/clock/clock.ts';
import type { RoleCredentials } from '../../local/core/iam/credentials.ts';
import type { TypeNote } from '../../local/core/type-notes.ts';
import type { FaultRequest } from '../../local/faults/fault.ts';
import { startLocal } from '../../local/start/start-local.ts';
import { type Answer, clientOf, type ModelAddress, type ModelClient, send } from './client.ts';

/** A local cloud of one test file, with data of its own. */
export interface LocalRun {
  readonly models: readonly ModelAddress[];
  readonly frontDoorUrl: string;
  readonly send: typeof send;
  client(model: string): ModelClient;
  /** The credentials that a function of a model runs with. */
  credentialsOf(model: string, fn: FunctionName): RoleCredentials;
  /** The same of what lies at a path in a model's stack. */
  credentialsAt(model: string, path: string): RoleCredentials;
  /** The name of the one resource of a type in a model's stack. */
  resource(model: string, type: string): string;
  /** How many resources of a type there are. */
  count(type: string): number;
  /** The version of a model's predict function that serves. */
  predictVersion(model: string): string;
  /** What does not run here, each with the reason. */
  readonly notEmulated: readonly TypeNote[];
  /** The queue of a model that is worked off below a path of its stack, for example `Capture`. */
  queueUrl(model: string, path: string): string;
  /** Has the local cloud replace what it serves by another assembly; its answer. */
  deploy(assemblyDir: string): Promise<Answer>;
  addFault(fault: FaultRequest): Promise<void>;
  clearFaults(): Promise<void>;
  /** Processes that serve models now. @param model whose; of all models where absent */
  modelProcesses(model?: string): Promise<readonly { readonly pid: number; readonly inFlight: number }[]>;
  /** Sum of the data of a metric with exactly these dimensions. */
  metricSum(namespace: string, name: string, dimensions: Record<string, string>): Promise<number>;
  /** Log lines that match, each behind its log group's name; waits a moment for the first to be written. */
  logLines(matches: (line: string) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface MetricSummary {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Record<string, string>;
  readonly sum: number;
}

/** How long a log line may take to reach its file, in milliseconds. */
const LOG_PATIENCE_MS = 3000;

/** @param clock the machine's own time unless a test drives it */
export async function startRun(assemblyDir: string, clock?: Clock): Promise<LocalRun> {
  const dataDir = mkdtempSync(join(tmpdir(), 'furrow-e2e-'));
  const quiet = { info: () => {}, warn: () => {} };
  // Nothing is warmed up: what a test asks starts when it is asked, and the others cost nothing.
  const local = await startLocal({
    assemblyDir,
    dataDir,
    log: quiet,
    warm: false,
    ...(clock !== undefined && { clock }),
  });
  const models = local.models.map(({ name, url, apiKey = '' }) => ({ name, url, apiKey }));
  const credentialsAt = (model: string, path: string): RoleCredentials => {
    const { cloud } = local.cloud;
    const role = cloud
      .resources('AWS::IAM::Role')
      .find((one) => one.path.endsWith(`-${model}/${path}/Role/Resource`));
    if (role?.attributes.Arn === undefined) throw new Error(`${path} of ${model} has no role`);
    return cloud.credentialsFor(role.attributes.Arn);
  };
  const admin = (path: string, init?: RequestInit) => send(`${local.frontDoorUrl}/_local/${path}`, init);
  return {
    models,
    frontDoorUrl: local.frontDoorUrl,
    send,
    client: (name) => clientOf(found(models, name)),
    credentialsOf: (model, fn) => credentialsAt(model, `Functions/${fn}`),
    credentialsAt,
    resource: (model, type) => {
      const [resource, ...more] = local.cloud.cloud
        .resources(type)
        .filter(({ stack }) => stack.endsWith(`-${model}`));
      if (resource === undefined || more.length > 0)
        throw new Error(`not one ${type} in the stack of ${model}`);
      return resource.ref;
    },
    notEmulated: local.cloud.notEmulated,
    count: (type) => local.cloud.cloud.resources(type).length,
    predictVersion: (model) => {
      const version = local.cloud.cloud
        .resources('AWS::Lambda::Version')
        .find(({ path }) => path.endsWith(`-${model}/Functions/predict/Function/CurrentVersion/Resource`));
      if (version === undefined) throw new Error(`${model} has no version of predict`);
      return version.ref;
    },
    queueUrl: (model, path) => {
      const queue = local.cloud.cloud
        .resources('AWS::SQS::Queue')
        .find((one) => one.path.endsWith(`-${model}/${path}/Queue/Resource`));
      if (queue === undefined) throw new Error(`${model} has no queue ${path}`);
      return queue.ref;
    },
    deploy: (assemblyDir) =>
      admin('deployments', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ assemblyDir }),
      }),
    addFault: async (fault) => {
      const headers = { 'content-type': 'application/json' };
      const { status, body } = await admin('faults', {
        method: 'POST',
        headers,
        body: JSON.stringify(fault),
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
    },
    clearFaults: async () => {
      await admin('faults', { method: 'DELETE' });
    },
    modelProcesses: async (model = '') => {
      const processes: { name: string; pid: number; inFlight?: number }[] = (await admin('processes')).body
        .processes;
      return processes
        .filter(({ name }) => name.includes(model))
        .flatMap(({ pid, inFlight }) => (inFlight === undefined ? [] : [{ pid, inFlight }]));
    },
    metricSum: async (namespace, name, dimensions) => {
      const metrics: MetricSummary[] = (await admin('metrics')).body.metrics;
      return metrics
        .filter((metric) => metric.namespace === namespace && metric.name === name)
        .filter((metric) => isDeepStrictEqual(metric.dimensions, dimensions))
        .reduce((sum, metric) => sum + metric.sum, 0);
    },
    logLines: async (matches) => {
      const giveUp = Date.now() + LOG_PATIENCE_MS;
      for (;;) {
        const lines = logLines(join(dataDir, 'logs')).filter(matches);
        if (lines.length > 0 || Date.now() > giveUp) return lines;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: async () => {
      await local.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function found(models: readonly ModelAddress[], name: string): ModelAddress {
  const model = models.find((candidate) => candidate.name === name);
  if (model === undefined) throw new Error(`no model ${name} is served`);
  return model;
}

function logLines(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const lines = readFileSync(file, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => `${relative(directory, file)} ${line}`);
    });
}
