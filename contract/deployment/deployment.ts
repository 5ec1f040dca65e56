import { z } from 'zod';
import { AWS_LIMITS } from '../limits/aws-limits.ts';
import { ContractError } from '../model/model.ts';
import { asynchronousHosting } from './asynchronous-hosting.ts';
import { batchSchema } from './batch.ts';
import { served, servedOnInstances } from './containers.ts';
import { firewall } from './firewall.ts';
import { instanceType } from './instance-type.ts';
import { FEWEST_FOR_A_PART, type Rollout, rollout } from './rollout.ts';
import { scaleToZero } from './scale-to-zero.ts';
import { capacitySchedule, provisionedConcurrency, surge } from './scaling.ts';
import { variantsSchema } from './variants.ts';

const positiveInt = z.int().positive();

/** Runs inside the predict function, and inside the health function: code, or an artifact that both load when they start. */
const lambdaHosting = z.strictObject({
  mode: z.literal('lambda'),
  /** Memory of the predict function, and of each function that holds an artifact, in MB. */
  memoryMb: z
    .int()
    .min(AWS_LIMITS.functionMemoryMbLeast.value)
    .max(AWS_LIMITS.functionMemoryMbMost.value)
    .default(1024),
  /** Environments of the predict function that are kept ready. @default - none: a first request may meet a cold start */
  provisionedConcurrency: provisionedConcurrency.optional(),
  /** Concurrent predictions that are set aside of the account's, and are also the most. @default - the account's */
  reservedConcurrency: positiveInt.optional(),
});

/** SageMaker Serverless: for spiky traffic. */
const serverlessHosting = z.strictObject({
  mode: z.literal('serverless'),
  ...served,
  /** Memory of the container, in MB (SageMaker developer guide, "Serverless inference": steps of 1 GB up to 6 GB). */
  memoryMb: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(2048),
  /** Concurrent invocations; more are throttled. */
  maxConcurrency: positiveInt.max(AWS_LIMITS.serverlessConcurrency.value).default(10),
  /** How many of them are kept ready. @default - none: a first request may meet a cold start */
  provisionedConcurrency: provisionedConcurrency.optional(),
});

/** SageMaker instances, scaled by target tracking on invocations per instance. */
const realtimeHosting = z.strictObject({
  mode: z.literal('realtime'),
  ...servedOnInstances,
  instanceType,
  instances: z
    .strictObject({ min: z.int().nonnegative(), max: positiveInt })
    .refine(({ min, max }) => min <= max, 'min is greater than max'),
  /**
   * What one instance was measured to serve, in requests a second. The scaling target is {@link SAFETY_FACTOR} of it.
   */
  requestsPerSecondPerInstance: z.number().positive(),
  scaleOutCooldownSeconds: positiveInt.default(60),
  scaleInCooldownSeconds: positiveInt.default(300),
  /** Whether load that falls takes instances away; disabled, only a schedule or a person does. */
  scaleIn: z.enum(['enabled', 'disabled']).default('enabled'),
  /** @default - target tracking alone */
  surge: surge.optional(),
  /** @default - the instances between the bounds stay, and `instances.min` is at least 1 */
  scaleToZero: scaleToZero.optional(),
  /** Bounds that change by the clock. */
  schedules: z
    .array(capacitySchedule)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two have the same name')
    .default([]),
  /** Storage of each instance, in GB. @default - what SageMaker gives the instance type */
  volumeGb: positiveInt.max(AWS_LIMITS.volumeGb.value).optional(),
});

const hosting = z.discriminatedUnion('mode', [
  lambdaHosting,
  serverlessHosting,
  realtimeHosting,
  asynchronousHosting,
]);

const objectives = z.strictObject({
  /** The share of requests that get an answer other than a 5xx, in percent. */
  availabilityPercent: z.number().gt(0).lt(100).default(99.5),
  /** What 95 % of the requests must stay below, in milliseconds, at the API. */
  latencyP95Ms: positiveInt,
});

/** Access by API key, under a usage plan. */
const apiKeyAccess = z.strictObject({
  kind: z.literal('api-key'),
  /** Steady requests a second that one key may make. */
  requestsPerSecond: z.number().positive(),
  burst: positiveInt,
  /** Requests a day; none where absent. */
  requestsPerDay: positiveInt.optional(),
});

/** Access by requests that an AWS identity signs (Signature Version 4) and whose policy allows `execute-api:Invoke`. */
const iamAccess = z.strictObject({
  kind: z.literal('iam'),
  /** Steady requests a second, of all callers together. */
  requestsPerSecond: z.number().positive(),
  burst: positiveInt,
});

/** Keys travel by HTTPS; a key set on the same machine is for trying things out. */
const keySetUrl = z
  .url()
  .regex(/^https:\/\/|^http:\/\/(?:localhost|127\.0\.0\.1)[:/]/, 'is not an https URL');

/** Access by a JSON Web Token of an issuer, sent as `Authorization: Bearer …`. */
const jwtAccess = z.strictObject({
  kind: z.literal('jwt'),
  /** What the tokens' claim `iss` says. */
  issuer: z.string().min(1),
  /** What the tokens' claim `aud` has to hold. */
  audience: z.string().min(1),
  /** Where the issuer publishes its keys (RFC 7517), for example `https://login.example/.well-known/jwks.json`. */
  jwksUrl: keySetUrl,
  /** Steady requests a second, of all callers together. */
  requestsPerSecond: z.number().positive(),
  burst: positiveInt,
});

const access = z.discriminatedUnion('kind', [apiKeyAccess, iamAccess, jwtAccess]);

const capture = z.strictObject({
  /** Days a prediction is kept in the feedback table. */
  retentionDays: positiveInt.default(400),
});

const settings = z.strictObject({
  hosting,
  objectives,
  access,
  rollout,
  capture,
  /** @default - whoever has access is let through */
  firewall: firewall.optional(),
  /** @default - the champion answers everybody */
  variants: variantsSchema.optional(),
  /** @default - no batch: predictions are made request by request */
  batch: batchSchema.optional(),
});

/** The settings of every environment, with the parts that need not be declared, and what single environments have instead. */
const deploymentSchema = settings.extend({
  access: access.default({ kind: 'api-key', requestsPerSecond: 50, burst: 100 }),
  /** @default - the canary of {@link defaultRollout}, or all at once where there may be too few instances for one */
  rollout: rollout.optional(),
  capture: capture.default({ retentionDays: 400 }),
  environments: z.record(z.string(), settings.partial()).default({}),
});

/** What `deployment.ts` declares; every optional part has the default that its schema names. */
export type DeploymentOptions = z.input<typeof deploymentSchema>;

/** How a model runs, with its per-environment overrides still apart. */
export type Deployment = z.output<typeof deploymentSchema>;

/** How a model runs in one environment. */
export type DeploymentSettings = z.output<typeof settings>;
export type Hosting = DeploymentSettings['hosting'];
export type HostingMode = Hosting['mode'];
export type ServerlessHosting = Extract<Hosting, { mode: 'serverless' }>;
export type RealtimeHosting = Extract<Hosting, { mode: 'realtime' }>;
export type AsynchronousHosting = Extract<Hosting, { mode: 'asynchronous' }>;
/** What has an endpoint. */
export type EndpointHosting = Exclude<Hosting, { mode: 'lambda' }>;
export type LambdaHosting = Extract<Hosting, { mode: 'lambda' }>;
export type Objectives = DeploymentSettings['objectives'];
export type Access = DeploymentSettings['access'];
export type AccessKind = Access['kind'];
export type ApiKeyAccess = Extract<Access, { kind: 'api-key' }>;
export type { Batch } from './batch.ts';
export type { Firewall } from './firewall.ts';
export type { Rollout } from './rollout.ts';

/**
 * How much of its measured limit an instance is planned to carry. SageMaker's load-testing guide proposes 0.5 to leave
 * room for bursts that come faster than instances start; 0.7 suits models whose latency was measured at that load.
 */
export const SAFETY_FACTOR = 0.7;

/**
 * Declares how a model runs.
 * @throws {ContractError} that lists everything wrong with the declaration.
 */
export function defineDeployment(options: DeploymentOptions): Deployment {
  const result = deploymentSchema.safeParse(options, { reportInput: true });
  if (result.success) return result.data;
  throw new ContractError(
    'deployment.ts',
    result.error.issues.map(({ path, message, input }) => {
      const got = input === undefined || typeof input === 'object' ? '' : ` (got ${JSON.stringify(input)})`;
      return `${path.join('.') || '(top level)'}: ${message}${got}`;
    }),
  );
}

/**
 * The settings of one environment. Precedence: the schema's defaults < the deployment's own settings < the
 * environment's; an override replaces a setting whole.
 */
export function settingsFor(deployment: Deployment, environment: string): DeploymentSettings {
  const { environments, ...common } = deployment;
  const overrides = Object.entries(environments[environment] ?? {}).filter(
    ([, value]) => value !== undefined,
  );
  const settings = { ...common, ...Object.fromEntries(overrides) };
  return { ...settings, rollout: settings.rollout ?? defaultRollout(settings.hosting) };
}

/** What suits a hosting: of instances of which there may be none, no part can go first. */
function defaultRollout(hosting: Hosting): Rollout {
  return hasPart(hosting)
    ? { strategy: 'canary', percent: 10, bakeMinutes: 10 }
    : { strategy: 'all-at-once', bakeMinutes: 10 };
}

function hasPart(hosting: Hosting): boolean {
  if (hosting.mode === 'asynchronous') return hosting.instances.min >= FEWEST_FOR_A_PART;
  return hosting.mode !== 'realtime' || hosting.scaleToZero === undefined;
}
