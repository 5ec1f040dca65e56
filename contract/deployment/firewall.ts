import { z } from 'zod';
import { AWS_LIMITS as LIMITS } from '../limits/aws-limits.ts';

/** A web application firewall before the API, which refuses what looks like an attack, and floods. */
export const firewall = z.strictObject({
  /** What one address may send within a sliding window; more of its requests are refused until it is below that again. */
  perAddress: z.strictObject({
    requests: z.int().min(LIMITS.firewallRequestsLeast.value).max(LIMITS.firewallRequestsMost.value),
    /** The windows that AWS WAF knows (developer guide, "Rate-based rule high-level settings"). */
    windowMinutes: z.literal([1, 2, 5, 10]).default(5),
  }),
});

export type Firewall = z.output<typeof firewall>;
