import { z } from 'zod';
import type { LocalResource } from '../template/resource-types.ts';
import type { ApiKey } from './api-keys.ts';
import type { Method, Stage, Throttle } from './definition.ts';
import { GatewayError } from './gateway-error.ts';
import { type Quota, QuotaCounter } from './quota.ts';
import { TokenBuckets } from './token-bucket.ts';

const throttle = z
  .looseObject({ RateLimit: z.coerce.number().optional(), BurstLimit: z.coerce.number().optional() })
  .transform(({ RateLimit, BurstLimit }): Throttle | undefined =>
    RateLimit === undefined && BurstLimit === undefined
      ? undefined
      : {
          rateLimit: RateLimit ?? Number.POSITIVE_INFINITY,
          burstLimit: BurstLimit ?? Number.POSITIVE_INFINITY,
        },
  );

const planProperties = z.looseObject({
  ApiStages: z
    .array(
      z.looseObject({
        ApiId: z.string(),
        Stage: z.string(),
        Throttle: z.record(z.string(), throttle).default({}),
      }),
    )
    .default([]),
  Throttle: throttle.optional(),
  Quota: z
    .looseObject({ Limit: z.coerce.number(), Period: z.enum(['DAY', 'WEEK', 'MONTH']) })
    .transform(({ Limit, Period }): Quota => ({ limit: Limit, period: Period }))
    .optional(),
});

const planKeyProperties = z.looseObject({ KeyId: z.string(), UsagePlanId: z.string() });

interface UsagePlan {
  readonly id: string;
  readonly stages: z.infer<typeof planProperties>['ApiStages'];
  readonly throttle: Throttle | undefined;
  readonly quota: Quota | undefined;
  readonly keyIds: ReadonlySet<string>;
}

/** Who may call a stage with which key, how fast and how often. */
export class UsagePlans {
  readonly #plans: readonly UsagePlan[];
  readonly #keys: ReadonlyMap<string, ApiKey>;
  readonly #buckets = new TokenBuckets();
  readonly #quotas = new QuotaCounter();

  constructor(plans: readonly LocalResource[], planKeys: readonly LocalResource[], keys: readonly ApiKey[]) {
    const assignments = planKeys.map((one) => planKeyProperties.parse(one.properties));
    this.#plans = plans.map((resource) => {
      const parsed = planProperties.safeParse(resource.properties);
      if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
      const keyIds = assignments.filter((one) => one.UsagePlanId === resource.ref).map((one) => one.KeyId);
      const { ApiStages, Throttle, Quota } = parsed.data;
      return {
        id: resource.ref,
        stages: ApiStages,
        throttle: Throttle,
        quota: Quota,
        keyIds: new Set(keyIds),
      };
    });
    this.#keys = new Map(keys.map((key) => [key.value, key]));
  }

  /**
   * The key that a request may use, its throttle and quota charged.
   * @param now milliseconds since the epoch
   * @throws {GatewayError} INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED
   */
  admit(stage: Stage, method: Method, value: string | undefined, now: number): ApiKey {
    const key = value === undefined ? undefined : this.#keys.get(value);
    if (key === undefined || !key.enabled) {
      const reason = value === undefined ? 'no x-api-key header' : 'the API key is unknown or disabled';
      throw new GatewayError('INVALID_API_KEY', { reason });
    }
    const plan = this.#plans.find((one) => one.keyIds.has(key.id) && this.#covers(one, stage));
    if (plan === undefined) {
      throw new GatewayError('INVALID_API_KEY', {
        reason: `no usage plan of this stage holds the key ${key.id}`,
      });
    }
    this.#charge(plan, key, stage, method, now);
    return key;
  }

  #covers(plan: UsagePlan, stage: Stage): boolean {
    return plan.stages.some((one) => one.ApiId === stage.api.id && one.Stage === stage.name);
  }

  #charge(plan: UsagePlan, key: ApiKey, stage: Stage, method: Method, now: number): void {
    const owner = `${plan.id}/${key.id}`;
    const ofStage = plan.stages.find((one) => one.ApiId === stage.api.id && one.Stage === stage.name);
    const route = `${method.resourcePath}/${method.httpMethod}`;
    const ofMethod = ofStage?.Throttle[route];
    // The limit of one method stands in for the plan's, which then does not apply to it.
    const [bucket, limit] = ofMethod === undefined ? [owner, plan.throttle] : [`${owner}${route}`, ofMethod];
    if (limit !== undefined && !this.#buckets.take(bucket, limit, now)) {
      throw new GatewayError('THROTTLED', {
        reason: `the API key ${key.id} is over its rate or burst limit`,
      });
    }
    if (plan.quota !== undefined && !this.#quotas.use(owner, plan.quota, now)) {
      throw new GatewayError('QUOTA_EXCEEDED', { reason: `the API key ${key.id} has used up its quota` });
    }
  }
}
