import { datadogTags } from './datadog-spelling.ts';
import type { Signal } from './signal.ts';

export interface QueueSignalOptions {
  readonly queueName: string;
}

/** The messages that wait in a queue. */
export function visibleMessages({ queueName }: QueueSignalOptions): Signal {
  const dimensions = { QueueName: queueName };
  return {
    metrics: [{ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions }],
    statistic: 'Maximum',
    periodSeconds: 300,
    datadog: {
      metrics: ['aws.sqs.approximate_number_of_messages_visible'],
      over: 'max',
      across: 'max',
      tags: datadogTags(dimensions),
    },
  };
}
