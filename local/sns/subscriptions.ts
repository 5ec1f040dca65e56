import { z } from 'zod';
import type { NotEmulatedResource } from '../core/plugin/service-plugin.ts';
import type { LocalResource } from '../template/resource-types.ts';

const subscriptionSchema = z.looseObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string().optional(),
  RawMessageDelivery: z.union([z.boolean(), z.stringbool()]).default(false),
  FilterPolicy: z.unknown().optional(),
});

/** Whom a topic tells. */
export interface Subscription {
  readonly arn: string;
  readonly path: string;
  readonly topicArn: string;
  readonly protocol: 'lambda' | 'sqs';
  /** The ARN of the function or of the queue. */
  readonly endpoint: string;
  /** The message alone, without SNS's envelope. */
  readonly isRaw: boolean;
}

/** Reads the subscriptions that can be delivered here, and says why the others can't. */
export function readSubscriptions(resources: readonly LocalResource[]): {
  readonly subscriptions: readonly Subscription[];
  readonly notEmulated: readonly NotEmulatedResource[];
} {
  const subscriptions: Subscription[] = [];
  const notEmulated: NotEmulatedResource[] = [];
  for (const { path, type, ref, properties } of resources) {
    const { TopicArn, Protocol, Endpoint, RawMessageDelivery, FilterPolicy } =
      subscriptionSchema.parse(properties);
    const note = (reason: string) => notEmulated.push({ type, path, reason });
    if ((Protocol !== 'lambda' && Protocol !== 'sqs') || Endpoint === undefined) {
      note(`nothing is delivered by ${Protocol} on the laptop`);
      continue;
    }
    if (FilterPolicy !== undefined) note('its filter has no effect: every message is delivered');
    subscriptions.push({
      arn: ref,
      path,
      topicArn: TopicArn,
      protocol: Protocol,
      endpoint: Endpoint,
      isRaw: RawMessageDelivery,
    });
  }
  return { subscriptions, notEmulated };
}
