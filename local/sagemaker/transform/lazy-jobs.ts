import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { ServiceProcess } from '../../core/plugin/service-plugin.ts';
import type { ProcessRecord } from '../model/leftovers.ts';
import type { TransformJobs } from './jobs.ts';
import type { TransformService } from './service.ts';

export interface LazyTransformJobs {
  readonly service: TransformService;
  processes(): readonly ServiceProcess[];
  close(): Promise<void>;
}

/** Transform jobs whose code is loaded with the first of them: most starts of the local cloud have none. */
export function transformJobs(cloud: LocalCloud, record: ProcessRecord, preload: string): LazyTransformJobs {
  let loading: Promise<TransformJobs> | undefined;
  let loaded: TransformJobs | undefined;
  const load = (): Promise<TransformJobs> => {
    loading ??= import('./jobs.ts').then(({ TransformJobs: Jobs }) => {
      loaded = new Jobs(cloud, record, preload);
      return loaded;
    });
    return loading;
  };
  return {
    service: {
      create: async (request) => (await load()).create(request),
      describe: async (name) => (await load()).describe(name),
      stop: async (name) => (await load()).stop(name),
      ended: async (name) => (await load()).ended(name),
    },
    processes: () => loaded?.processes() ?? [],
    close: async () => (await loading)?.close(),
  };
}
