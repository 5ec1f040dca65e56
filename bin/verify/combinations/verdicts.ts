import type { ContainerName, HostName, RolloutName, VariantSet } from './parts.ts';

/** That a part can be declared for a host, or what synthesis says of it. */
type Verdict = typeof OK | string;

export const OK = 'allowed';

type Row<Part extends string> = Readonly<Record<Part, Verdict>>;

const NO_CONTAINER = 'hosting: Unrecognized key: "container"';

const IN_A_FUNCTION: Row<ContainerName> = {
  serving: OK,
  xgboost: NO_CONTAINER,
  'scikit-learn': NO_CONTAINER,
  pytorch: NO_CONTAINER,
  'pytorch for GPUs': NO_CONTAINER,
  triton: NO_CONTAINER,
  'triton for GPUs': NO_CONTAINER,
  repository: NO_CONTAINER,
  dockerfile: NO_CONTAINER,
};

const TRITON_ON_INSTANCES =
  "hosting.container is triton, which SageMaker runs on instances only: a serverless endpoint takes images of up to 10 GB. Use { mode: 'realtime', … }.";

const SERVERLESS: Row<ContainerName> = {
  serving: OK,
  xgboost: OK,
  'scikit-learn': OK,
  pytorch: OK,
  'pytorch for GPUs':
    "hosting.container is pytorch for GPUs, and a serverless endpoint has none. Use { mode: 'realtime', … } with a type such as ml.g5.xlarge, or processor: 'cpu'.",
  triton: TRITON_ON_INSTANCES,
  'triton for GPUs': TRITON_ON_INSTANCES,
  repository: OK,
  dockerfile: OK,
};

const lacksGpu = (kind: string) =>
  `hosting.instanceType is ml.c6i.large, which has no GPU, and hosting.container is ${kind} for GPUs. Use a type such as ml.g5.xlarge, or processor: 'cpu'.`;

const ON_CPUS: Row<ContainerName> = {
  serving: OK,
  xgboost: OK,
  'scikit-learn': OK,
  pytorch: OK,
  'pytorch for GPUs': lacksGpu('pytorch'),
  triton: OK,
  'triton for GPUs': lacksGpu('triton'),
  repository: OK,
  dockerfile: OK,
};

const idleGpu = (kind: string, remedy = '') =>
  `hosting.instanceType is ml.g5.xlarge, whose GPU hosting.container, ${kind} for CPUs, would leave idle. Use a type such as ml.c6i.large${remedy}.`;

const OR_AN_IMAGE = ", or an image for GPUs with processor: 'gpu'";

const ON_GPUS: Row<ContainerName> = {
  serving: idleGpu('serving'),
  xgboost: idleGpu('xgboost'),
  'scikit-learn': idleGpu('scikit-learn'),
  pytorch: idleGpu('pytorch', OR_AN_IMAGE),
  'pytorch for GPUs': OK,
  triton: idleGpu('triton', OR_AN_IMAGE),
  'triton for GPUs': OK,
  repository: idleGpu('repository', OR_AN_IMAGE),
  dockerfile: idleGpu('dockerfile', OR_AN_IMAGE),
};

const EVERY_ROLLOUT: Row<RolloutName> = { 'all-at-once': OK, canary: OK, linear: OK, rolling: OK };

const inParts = (strategy: string, fewest: number) =>
  `rollout "${strategy}" starts with a part of the instances, at most half of them, and there may be only ${fewest}. Declare a least of 2 instances, or rollout: { strategy: 'all-at-once' }.`;

const atOnce = (fewest: number): Row<RolloutName> => ({
  'all-at-once': OK,
  canary: inParts('canary', fewest),
  linear: inParts('linear', fewest),
  rolling: inParts('rolling', fewest),
});

const EVERY_VARIANT: Row<VariantSet> = { 'no variants': OK, 'a challenger': OK, 'a shadow': OK };

const ONE_ARTIFACT =
  'the variant "second" brings an artifact, and hosting "lambda" runs one artifact only. Use { mode: \'serverless\' } or { mode: \'realtime\', … }, or leave the variant out.';

const NO_FURTHER_ARTIFACT: Row<VariantSet> = {
  'no variants': OK,
  'a challenger': ONE_ARTIFACT,
  'a shadow': ONE_ARTIFACT,
};

const AWAY =
  'the variant "second" would answer or be asked while the champion\'s instances are away. Leave the variant out, or hosting.scaleToZero.';

const CHAMPION_ONLY: Row<VariantSet> = { 'no variants': OK, 'a challenger': AWAY, 'a shadow': AWAY };

export interface Verdicts {
  readonly containers: Row<ContainerName>;
  readonly rollouts: Row<RolloutName>;
  readonly variants: Row<VariantSet>;
}

const ASYNCHRONOUS = { rollouts: EVERY_ROLLOUT, variants: EVERY_VARIANT };

/** What each host takes. A host, container, rollout or variant that is added does not compile without a verdict. */
export const VERDICTS: Readonly<Record<HostName, Verdicts>> = {
  lambda: { containers: IN_A_FUNCTION, rollouts: EVERY_ROLLOUT, variants: EVERY_VARIANT },
  'lambda with an artifact': {
    containers: IN_A_FUNCTION,
    rollouts: EVERY_ROLLOUT,
    variants: NO_FURTHER_ARTIFACT,
  },
  serverless: { containers: SERVERLESS, rollouts: EVERY_ROLLOUT, variants: EVERY_VARIANT },
  realtime: { containers: ON_CPUS, rollouts: EVERY_ROLLOUT, variants: EVERY_VARIANT },
  'realtime to zero': { containers: ON_CPUS, rollouts: atOnce(0), variants: CHAMPION_ONLY },
  'realtime on GPUs': { containers: ON_GPUS, rollouts: EVERY_ROLLOUT, variants: EVERY_VARIANT },
  asynchronous: { containers: ON_CPUS, ...ASYNCHRONOUS },
  'asynchronous on GPUs': { containers: ON_GPUS, ...ASYNCHRONOUS },
  'asynchronous from zero': { containers: ON_CPUS, ...ASYNCHRONOUS, rollouts: atOnce(1) },
};
