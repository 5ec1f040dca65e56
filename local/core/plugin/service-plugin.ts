import type { ResourceSupport } from '../../template/resource-types.ts';
import type { AwsApi } from '../wire/aws-api.ts';
import type { LocalCloud } from './local-cloud.ts';

/** A resource of a supported type that still can't run on the laptop. */
export interface NotEmulatedResource {
  readonly type: string;
  readonly path: string;
  readonly reason: string;
}

/** A child process that a service keeps, for `GET /_local/processes`. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Requests that it works on now, where the service counts them. */
  readonly inFlight?: number;
}

/**
 * A service of one deployment. It lives through `start` (of its plugin, or `adopt` of the service before it), `deploy`,
 * `activate` and, when the next deployment has taken over, `drain`; `close` ends it, or what it shares with its successors.
 */
export interface RunningService {
  readonly api?: AwsApi;
  readonly notEmulated?: readonly NotEmulatedResource[];
  processes?(): readonly ServiceProcess[];
  /**
   * Makes the service of the next deployment, which shares what has state or an address of its own. Without this, the
   * plugin starts another one beside this one.
   */
  adopt?(next: LocalCloud): Promise<AdoptedService>;
  /** What has to succeed once every service of the deployment has started. @throws {Error} that gives the deployment up */
  deploy?(): Promise<void>;
  /** The deployment takes over. */
  activate?(): void;
  /** The next deployment has taken over: lets what is under way come to its end, and starts nothing new. */
  drain?(): Promise<void>;
  /** The deployment is given up: undoes what it did. Followed by `close`, unless the service is an adopted one. */
  abandon?(): Promise<void>;
  close(): Promise<void>;
}

/** A service that shares state with the one before it, which goes on if the deployment is given up. */
export interface AdoptedService extends RunningService {
  abandon(): Promise<void>;
}

/** One emulated service: a folder under local/, listed in the registry. */
export interface ServicePlugin {
  readonly name: string;
  readonly resourceTypes: Readonly<Record<string, ResourceSupport>>;
  /** Types that templates name by themselves; undefined for one that is not this service's. */
  supportOf?(type: string): ResourceSupport | undefined;
  start(cloud: LocalCloud): Promise<RunningService>;
}
