import { CONTAINERS } from '../../../bin/verify/combinations/parts.ts';
import { verifyCases } from '../../../bin/verify/environments/cases.ts';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  BATCH,
  CALLBACKS,
  computedModel,
  deploymentOf,
  FIREWALL,
  imageModel,
  JWT,
  REALTIME,
  SERVERLESS,
  TO_ZERO,
} from './models.ts';
import { synthesizeModel } from './stack.ts';

const IAM = { kind: 'iam', requestsPerSecond: 20, burst: 40 } as const;

const VARIANTS = {
  champion: { weight: 90 },
  challengers: [{ name: 'second', version: '1.1.0', weight: 10, artifact: 'second.onnx' }],
  shadows: [{ name: 'third', version: '1.2.0', artifact: 'third.onnx' }],
} as const;

/** Where keys are the customer's, once with the region known and once without: what else differs is no container's business. */
const KEYED = ['prod', 'prod with a network of its own'];

/** A model for every hosting mode and every way to close an API; bin/verify/combinations has every container. */
const HOSTED = [
  { model: computedModel, hosting: { mode: 'lambda' } },
  { model: computedModel, hosting: { mode: 'lambda' }, access: IAM },
  { model: artifactModel, hosting: SERVERLESS },
  { model: artifactModel, hosting: SERVERLESS, access: JWT },
  { model: artifactModel, hosting: REALTIME },
  { model: artifactModel, hosting: ASYNCHRONOUS },
  { title: 'asynchronous with images', model: imageModel, hosting: ASYNCHRONOUS },
  {
    title: 'lambda with batches',
    model: artifactModel,
    hosting: { mode: 'lambda' },
    batch: BATCH,
  },
  {
    title: 'lambda with provisioned concurrency',
    model: computedModel,
    hosting: { mode: 'lambda', provisionedConcurrency: { min: 1, max: 3 } },
  },
  {
    title: 'realtime with a surge, a schedule and batches',
    model: artifactModel,
    batch: BATCH,
    hosting: {
      ...REALTIME,
      surge: { timesTarget: 1.5 },
      schedules: [{ name: 'morning', cron: '0 7 ? * MON-FRI *', timeZone: 'Europe/Zurich', min: 3, max: 6 }],
    },
  },
  {
    title: 'realtime that goes to zero',
    model: artifactModel,
    hosting: {
      ...TO_ZERO,
      schedules: [{ name: 'morning', cron: '0 7 ? * MON-FRI *', timeZone: 'Europe/Zurich', min: 1, max: 6 }],
    },
  },
  {
    title: 'serverless with a challenger, a shadow and a firewall',
    model: artifactModel,
    firewall: FIREWALL,
    hosting: { ...SERVERLESS, provisionedConcurrency: { min: 1, max: 2 } },
    variants: VARIANTS,
  },
  {
    title: 'asynchronous with a challenger, a shadow and callbacks',
    model: artifactModel,
    hosting: { ...ASYNCHRONOUS, callbacks: CALLBACKS },
    variants: VARIANTS,
  },
  {
    title: 'realtime on an image of AWS, with a shadow and batches',
    only: KEYED,
    model: artifactModel,
    hosting: { ...REALTIME, instanceType: 'ml.g5.xlarge', container: CONTAINERS['pytorch for GPUs'] },
    // Their disks are NVMe, for which SageMaker takes no key.
    batch: { ...BATCH, instanceType: 'ml.g5.xlarge' },
    variants: { shadows: [{ name: 'third', version: '1.2.0', artifact: 'third' }] },
  },
  {
    title: 'asynchronous on an image in a repository, with data in S3',
    only: KEYED,
    model: artifactModel,
    hosting: {
      ...ASYNCHRONOUS,
      container: CONTAINERS.repository,
      modelData: {
        s3Uri: `s3://research-models/${'0123456789abcdef'.repeat(4)}/model.tar.gz`,
        sha256: '0123456789abcdef'.repeat(4),
        kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555',
      },
    },
  },
] as const;

/** What differs in a network of an environment's own: what needs the internet is a problem there, and the rest is alike. */
const IN_NETWORK = new Set(['lambda', 'realtime', 'asynchronous', 'realtime that goes to zero']);

/** Every environment that is verified, with every hosting mode and access; one with a network with those that differ there. */
export const MATRIX = verifyCases().flatMap(({ name, environment }) =>
  HOSTED.filter(
    ({ hosting, model: _, ...others }) =>
      (!('only' in others) || others.only.includes(name)) &&
      (environment.network === undefined || IN_NETWORK.has(titleOf(hosting.mode, others))),
  ).map(({ model, hosting, ...others }) => ({
    name: `${titleOf(hosting.mode, others)} in ${name}`,
    environment,
    // Files that run one after another in the same worker share what was synthesized.
    synthesize: once(() =>
      synthesizeModel(
        model,
        deploymentOf(hosting as DeploymentOptions['hosting'], optionsOf(others)),
        environment,
      ),
    ),
  })),
);

interface Others {
  readonly title?: string;
  readonly access?: DeploymentOptions['access'];
  readonly firewall?: DeploymentOptions['firewall'];
  readonly variants?: unknown;
  readonly batch?: DeploymentOptions['batch'];
}

function titleOf(mode: string, { title, access }: Others): string {
  return title ?? (access === undefined ? mode : `${mode} with ${access.kind} access`);
}

/** What a case declares besides its hosting. */
function optionsOf({ access, firewall, variants, batch }: Others): Partial<DeploymentOptions> {
  return {
    ...(access === undefined ? {} : { access }),
    ...(firewall === undefined ? {} : { firewall }),
    ...(batch === undefined ? {} : { batch }),
    ...(variants === undefined ? {} : { variants: variants as NonNullable<DeploymentOptions['variants']> }),
  };
}

/** Does the work at the first call, and answers the same from then on. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
