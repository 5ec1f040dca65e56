import { z } from 'zod';

const base = z.object({ inferenceId: z.string().min(1) });

/** What SageMaker publishes about an invocation (SageMaker developer guide, "Check prediction results"). */
const notificationSchema = z.discriminatedUnion('invocationStatus', [
  base.extend({
    invocationStatus: z.literal('Completed'),
    responseParameters: z.object({ outputLocation: z.string() }),
  }),
  base.extend({ invocationStatus: z.literal('Failed'), failureReason: z.string().default('') }),
]);

/** How an invocation ended. */
export type Notification =
  | { readonly invocationId: string; readonly outputUri: string }
  | { readonly invocationId: string; readonly failureReason: string };

/** @throws {Error} where the text is no notification */
export function parseNotification(text: string): Notification {
  const notification = notificationSchema.parse(JSON.parse(text));
  const { inferenceId: invocationId } = notification;
  return notification.invocationStatus === 'Completed'
    ? { invocationId, outputUri: notification.responseParameters.outputLocation }
    : { invocationId, failureReason: notification.failureReason };
}
