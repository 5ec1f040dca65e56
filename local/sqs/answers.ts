import { type Message, md5, md5OfAttributes } from './message.ts';
import type { Queue } from './queue.ts';

/**
 * A message as ReceiveMessage answers it.
 * @param systemNames the system attributes asked for, or `All`
 * @param names the message attributes asked for: names, prefixes (`trace.*`) or `All`
 */
export function received(message: Message, systemNames: readonly string[], names: readonly string[]): object {
  const wanted = Object.entries(message.messageAttributes).filter(([name]) =>
    names.some((one) => one === name || one === 'All' || one === '.*' || isPrefixOf(one, name)),
  );
  const attributes = Object.fromEntries(wanted);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: pick(systemAttributes(message), systemNames),
    ...(wanted.length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

function isPrefixOf(pattern: string, name: string): boolean {
  return pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2));
}

/** What SQS itself knows about a received message. */
export function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

/** A queue's settings and its counts, as GetQueueAttributes names them. */
export function queueAttributes(queue: Queue): Record<string, string> {
  const { settings } = queue;
  const counts = queue.counts();
  return {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
    MaximumMessageSize: String(settings.maximumMessageSize),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    DelaySeconds: String(settings.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitSeconds),
    ...(settings.redrive !== undefined && { RedrivePolicy: JSON.stringify(settings.redrive) }),
  };
}

/** The attributes asked for by name, or every one where `All` is among the names. */
export function pick(
  all: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)),
  );
}
