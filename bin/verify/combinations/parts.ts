import type { ContainerKind } from '../../../contract/deployment/containers.ts';
import type { DeploymentOptions, HostingMode } from '../../../contract/deployment/deployment.ts';
import type { Rollout } from '../../../contract/deployment/rollout.ts';

type HostingOptions = DeploymentOptions['hosting'];
type ContainerOptions = NonNullable<Extract<HostingOptions, { mode: 'serverless' }>['container']>;

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

const REALTIME = {
  mode: 'realtime',
  instanceType: 'ml.c6i.large',
  instances: { min: 2, max: 6 },
  requestsPerSecondPerInstance: 50,
} as const;

const ASYNCHRONOUS = {
  mode: 'asynchronous',
  instanceType: 'ml.c6i.large',
  instances: { min: 2, max: 4 },
  backlogPerInstance: 5,
} as const;

const GPU = 'ml.g5.xlarge';

/** Where a model runs, as far as it decides what else can be declared: every mode, and what instances it has. */
export const HOSTS = {
  lambda: { mode: 'lambda' },
  'lambda with an artifact': { mode: 'lambda', memoryMb: 1024 },
  serverless: { mode: 'serverless' },
  realtime: REALTIME,
  'realtime to zero': { ...REALTIME, instances: { min: 0, max: 6 }, scaleToZero: { memoryMb: 1024 } },
  'realtime on GPUs': { ...REALTIME, instanceType: GPU },
  asynchronous: ASYNCHRONOUS,
  'asynchronous on GPUs': { ...ASYNCHRONOUS, instanceType: GPU },
  'asynchronous from zero': { ...ASYNCHRONOUS, instances: { min: 0, max: 4 } },
} as const satisfies Readonly<Record<string, HostingOptions>>;

/** Every kind of container, and each processor of those that come for both; a deployment that names none has the first. */
export const CONTAINERS = {
  serving: { kind: 'serving' },
  xgboost: { kind: 'xgboost', version: '3.2-0' },
  'scikit-learn': { kind: 'scikit-learn', version: '1.2-1' },
  pytorch: { kind: 'pytorch', version: '2.6.0', codec: 'csv' },
  'pytorch for GPUs': { kind: 'pytorch', version: '2.6.0', processor: 'gpu' },
  triton: { kind: 'triton', version: '26.05', processor: 'cpu', modelName: 'yield' },
  'triton for GPUs': { kind: 'triton', version: '26.05', modelName: 'yield' },
  repository: { kind: 'repository', repository: 'research/yield', digest: DIGEST, codec: 'json' },
  dockerfile: { kind: 'dockerfile', folder: 'images/yield', codec: 'csv' },
} as const satisfies Readonly<Record<string, ContainerOptions>>;

export const ROLLOUTS = {
  'all-at-once': { strategy: 'all-at-once' },
  canary: { strategy: 'canary' },
  linear: { strategy: 'linear' },
  rolling: { strategy: 'rolling' },
} as const satisfies {
  readonly [S in Rollout['strategy']]: Extract<DeploymentOptions['rollout'], { strategy: S }>;
};

/** What answers beside the champion. */
export const VARIANT_SETS = ['no variants', 'a challenger', 'a shadow'] as const;

export type HostName = keyof typeof HOSTS;
export type ContainerName = keyof typeof CONTAINERS;
export type RolloutName = keyof typeof ROLLOUTS;
export type VariantSet = (typeof VARIANT_SETS)[number];

type NothingMissing<All, Named> = [Exclude<All, Named>] extends [never] ? true : Exclude<All, Named>;

/** The compiler refuses a mode that has no host, and a kind of container that is not named: it would go unverified. */
export const COMPLETE: readonly [
  NothingMissing<HostingMode, (typeof HOSTS)[HostName]['mode']>,
  NothingMissing<ContainerKind, (typeof CONTAINERS)[ContainerName]['kind']>,
] = [true, true];
