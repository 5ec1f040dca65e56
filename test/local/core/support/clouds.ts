import { afterAll } from 'vitest';
import { systemClock } from '../../../../local/clock/system-clock.ts';
import { MemoryMetricStore } from '../../../../local/cloudwatch/metric-store.ts';
import { type CloudOptions, createCloud, type RunningCloud } from '../../../../local/core/cloud.ts';
import { RecordedMetrics } from '../../cloudwatch/support/recorded-metrics.ts';
import { temporaryFolder } from './folders.ts';

/** What a cloud said to its person. */
export interface Said {
  readonly warnings: string[];
}

/** A cloud with what it said, and what was put into its metrics. */
export interface TestCloud extends RunningCloud, Said {
  readonly recorded: RecordedMetrics;
}

/** Starts a cloud on a folder of its own; it is closed after the tests of the calling file. */
export async function startCloud(
  options: Pick<CloudOptions, 'assemblyDir' | 'plugins'> & Partial<CloudOptions>,
): Promise<TestCloud> {
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };
  const recorded = new RecordedMetrics(new MemoryMetricStore(options.clock ?? systemClock));
  const cloud = await createCloud({
    dataDir: temporaryFolder(),
    log,
    metrics: recorded,
    ...options,
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= cloud.close();
    return closed;
  };
  afterAll(close);
  return { ...cloud, close, warnings, recorded };
}

/** What an SDK client needs to talk to a cloud; without a role it is the developer's. */
export function clientConfig(cloud: RunningCloud, roleArn?: string, sessionName = 'caller') {
  return {
    endpoint: cloud.frontDoorUrl,
    region: cloud.cloud.region,
    maxAttempts: 1,
    credentials:
      roleArn === undefined
        ? { accessKeyId: 'developer', secretAccessKey: 'developer' }
        : cloud.cloud.credentialsFor(roleArn, sessionName),
  };
}
