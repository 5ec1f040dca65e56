import { z } from 'zod';
import { type InvocationId, parseInvocationId } from './invocation-id.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const base = z.object({
  inferenceId: z.string().min(1),
  /** When the endpoint took the request, and when it was done with it. */
  receivedTime: time,
  eventTime: time,
});

/** What SageMaker publishes about an invocation (SageMaker developer guide, "Check prediction results"). */
const notificationSchema = z.discriminatedUnion('invocationStatus', [
  base.extend({
    invocationStatus: z.literal('Completed'),
    responseParameters: z.object({ outputLocation: z.string() }),
  }),
  base.extend({ invocationStatus: z.literal('Failed'), failureReason: z.string().default('') }),
]);

/** How an invocation ended. */
export type Notification = InvocationId & {
  /** What the invocation took, with what it waited, in milliseconds. */
  readonly latencyMs: number;
  /** When the endpoint was done with it, in milliseconds since the epoch: its notification may come later, and again. */
  readonly endedAt: number;
} & ({ readonly outputUri: string } | { readonly failureReason: string });

/** @throws {Error} where the text is no notification */
export function parseNotification(text: string): Notification {
  const notification = notificationSchema.parse(JSON.parse(text));
  const about = {
    ...parseInvocationId(notification.inferenceId),
    latencyMs: notification.eventTime - notification.receivedTime,
    endedAt: notification.eventTime,
  };
  return notification.invocationStatus === 'Completed'
    ? { ...about, outputUri: notification.responseParameters.outputLocation }
    : { ...about, failureReason: notification.failureReason };
}

/** The reason is not for the client, and what it quotes of the container's answer, which may hold values, for nobody. */
export function loggableReason(failureReason: string): string {
  const [before = ''] = failureReason.split(' with message ');
  return before;
}
