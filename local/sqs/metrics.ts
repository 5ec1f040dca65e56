import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { Queues } from './queues.ts';

/** How often SQS tells CloudWatch about its queues, in milliseconds. */
const PERIOD_MS = 60_000;

/** Puts the queues' depth and age into the `AWS/SQS` namespace once a minute; the answer stops it. */
export function publishQueueMetrics(cloud: LocalCloud, queues: Queues): () => void {
  const publish = (): void => {
    const timestamp = cloud.clock.now();
    for (const queue of queues.all()) {
      const { visible, inFlight, delayed, oldestAgeSeconds } = queue.counts();
      const put = (name: string, unit: string, value: number) =>
        cloud.metrics.put({
          namespace: 'AWS/SQS',
          name,
          dimensions: { QueueName: queue.settings.name },
          unit,
          value,
          timestamp,
        });
      put('ApproximateNumberOfMessagesVisible', 'Count', visible);
      put('ApproximateNumberOfMessagesNotVisible', 'Count', inFlight);
      put('ApproximateNumberOfMessagesDelayed', 'Count', delayed);
      put('ApproximateAgeOfOldestMessage', 'Seconds', oldestAgeSeconds);
    }
    cancel = cloud.clock.after(PERIOD_MS, publish);
  };
  let cancel = cloud.clock.after(PERIOD_MS, publish);
  return () => cancel();
}
