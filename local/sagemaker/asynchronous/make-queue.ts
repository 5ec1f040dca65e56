import { join } from 'node:path';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { DeclaredAsynchronous } from '../declared/asynchronous.ts';
import type { Variant } from '../hosting/variant.ts';
import { Backlog } from './backlog.ts';
import { AsynchronousMetrics } from './metrics.ts';
import { AsynchronousQueue } from './queue.ts';
import { EndpointStorage } from './storage.ts';

/** An asynchronous endpoint before it runs. */
export interface QueueParts {
  readonly endpoint: string;
  readonly declared: DeclaredAsynchronous & { readonly roleArn: string };
  readonly variant: Variant;
}

/** The queue of an endpoint with what an earlier run left in it. Its instances are the variant's. */
export function makeQueue(cloud: LocalCloud, { endpoint, declared, variant }: QueueParts): AsynchronousQueue {
  return new AsynchronousQueue({
    cloud,
    endpoint,
    declared,
    backlog: new Backlog(join(cloud.dataDir, 'sagemaker', 'asynchronous', endpoint)),
    storage: new EndpointStorage(cloud, declared.roleArn),
    metrics: new AsynchronousMetrics(cloud, endpoint, variant.declared.name),
    workers: {
      instanceCount: () => variant.instanceCount,
      readyCount: () => variant.readyCount,
      invoke: (request, bounds) => variant.invoke(request, bounds),
    },
  });
}
