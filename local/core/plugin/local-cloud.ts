import type { Clock } from '../../clock/clock.ts';
import type { Faults } from '../../faults/faults.ts';
import type { StagedAsset } from '../../template/assets.ts';
import type { Stack } from '../../template/model.ts';
import type { LocalResource } from '../../template/resource-types.ts';
import type { RoleCredentials } from '../iam/credentials.ts';
import type { RequiredPermission } from '../iam/permission.ts';
import type { Principal } from '../iam/principal.ts';
import type { LocalLog } from './log.ts';
import type { MetricStore } from './metrics.ts';
import type { CloudServices } from './services.ts';

/** Everything a plugin starts from. */
export interface LocalCloud {
  readonly assemblyDir: string;
  /** What the assembly said when this deployment was prepared; the folder may hold another one by now. */
  readonly stacks: readonly Stack[];
  readonly dataDir: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly log: LocalLog;
  readonly metrics: MetricStore;
  readonly faults: Faults;
  readonly services: CloudServices;
  /** The front door's URL, known before any plugin starts. */
  readonly frontDoorUrl: string;
  /** What this deployment is to take over from; undefined at the start. */
  readonly predecessor: LocalCloud | undefined;
  /** An address at the front door that takes one PUT, for whoever answers later. */
  callback(): Callback;
  /** The port asked for the public API (0: any free one). */
  readonly port: number;
  resources(type: string): readonly LocalResource[];
  /** Every type that the templates declare. */
  types(): readonly string[];
  /** The file or folder of a staged asset, from the bucket key or the image tag the template names it by. */
  asset(name: string): StagedAsset | undefined;
  /** Why a role may not do something, as AWS words it; undefined where its synthesized policies allow it. */
  denial(roleArn: string, permissions: readonly RequiredPermission[]): Promise<string | undefined>;
  /** Who holds an access key. */
  principal(accessKeyId: string): Principal;
  /**
   * Credentials that make the front door treat a caller as this role; the same ones for the same role and session.
   * @param sessionName the last part of the assumed role's ARN, for a function its name
   * @default sessionName - the role's own name
   */
  credentialsFor(roleArn: string, sessionName?: string): RoleCredentials;
}

/** Where one answer is awaited. */
export interface Callback {
  readonly url: string;
  /** The body that was put there. */
  readonly answer: Promise<string>;
  /** Nothing is awaited any more. */
  close(): void;
}
