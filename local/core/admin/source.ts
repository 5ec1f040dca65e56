import type { Faults } from '../../faults/faults.ts';
import type { MetricStore } from '../plugin/metrics.ts';
import type { ServiceProcess } from '../plugin/service-plugin.ts';

/** One resource as `GET /_local/resources` lists it. */
export interface ResourceSummary {
  readonly type: string;
  readonly path: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly ref: string;
  readonly support: 'emulated' | 'inert' | 'not emulated';
}

/** What the local cloud tells about itself. */
export interface AdminSource {
  readonly faults: Faults;
  readonly metrics: MetricStore;
  resources(): readonly ResourceSummary[];
  processes(): readonly ServiceProcess[];
  ready(): boolean;
  /** Hands an answer to whoever waits for it; false where nobody does. */
  answerCallback(id: string, body: string): boolean;
  /** @throws {DeploymentFailed} where the deployment is given up */
  deploy(assemblyDir: string): Promise<void>;
}
