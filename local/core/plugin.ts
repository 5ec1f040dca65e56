import type { Stack } from '../template/model.ts';
import type { Faults } from './faults.ts';
import type { Principal } from './iam.ts';
import type { LocalLog } from './log.ts';
import type { MetricStore } from './metrics.ts';

/** One resource of a synthesized template, with every intrinsic function already evaluated. */
export interface LocalResource {
  readonly stack: string;
  readonly logicalId: string;
  /** The construct path (`aws:cdk:path`), or `stack/logicalId` where the template carries none. */
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What `Ref` answers. */
  readonly ref: string;
  /** What `Fn::GetAtt` answers. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a plugin may look at to name a resource before anything runs. */
export interface Unidentified {
  readonly stack: string;
  readonly logicalId: string;
  readonly region: string;
  readonly accountId: string;
  /** The front door's URL, for resources whose name is a URL there. */
  readonly frontDoorUrl: string;
  /** Evaluates one property on demand, so that naming a resource never forces a cycle through its others. */
  property(name: string): unknown;
}

export interface Identity {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How the local cloud treats one CloudFormation type. */
export type ResourceSupport =
  | { readonly support: 'emulated'; identify(resource: Unidentified): Identity }
  /** Accepted, named and otherwise without effect on the laptop; `note` is printed at start unless it is empty. */
  | { readonly support: 'inert'; readonly note: string; identify(resource: Unidentified): Identity };

/** A request at the front door, its body read and its caller known. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The service's name in the signature's credential scope, for example `dynamodb`. */
  readonly service: string;
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted when the caller hangs up before it has its answer. */
  readonly signal: AbortSignal;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One permission a request needs, in IAM's terms. */
export interface RequiredPermission {
  readonly action: string;
  readonly resource: string;
}

/** The AWS API of one service behind the front door. Every method may throw an `AwsError`. */
export interface AwsApi {
  /** The service name that SDKs sign with. */
  readonly signingName: string;
  /** The operation's name as IAM spells it, without the service prefix; undefined where it is not emulated (501). */
  operation(request: AwsRequest): string | undefined;
  /** Everything the caller must be allowed to do for this request. */
  permissions(request: AwsRequest): readonly RequiredPermission[];
  handle(request: AwsRequest): Promise<AwsResponse>;
  /** Told of every answer, also of a refusal or an injected fault, to keep the service's own metrics. */
  record?(request: AwsRequest, response: AwsResponse, elapsedMs: number): void;
  /** The status of an `AccessDeniedException`: 400 (the default) where the protocol is JSON, 403 where it is REST. */
  readonly deniedStatus?: 400 | 403;
  /** The service's own wire form of an error. */
  error(status: number, code: string, message: string): AwsResponse;
}

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

/** What plugins offer one another. A plugin fills in its own part while it starts. */
export interface CloudServices {
  lambda?: LambdaService;
  sqs?: SqsService;
}

export interface InvokeResult {
  /** The function's answer, or its error object when `functionError` is set. */
  readonly payload: unknown;
  readonly functionError?: 'Unhandled' | 'Handled';
}

export interface LambdaService {
  /**
   * Invokes a function by ARN (unqualified, or qualified with an alias or version) and waits for it.
   * @throws {LambdaThrottled} where the reserved concurrency is used up.
   */
  invoke(functionArn: string, event: unknown, options?: { readonly traceId?: string }): Promise<InvokeResult>;
  /** Ends the environments of a function that is not expected to be invoked again soon, as Lambda does with idle ones. */
  release(functionArn: string): void;
  /** Whether a resource-based permission lets `principal` (a service) with `sourceArn` invoke the function. */
  permits(functionArn: string, principal: string, sourceArn: string): boolean;
}

export class LambdaThrottled extends Error {
  override readonly name = 'LambdaThrottled';
}

export interface SqsMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SqsService {
  /** Sends a message on behalf of another service. @throws {Error} where there is no such queue */
  enqueue(queueArn: string, body: string): Promise<void>;
  /** Receives up to `max` messages, which then stay invisible for the queue's visibility timeout. */
  receive(queueArn: string, max: number): Promise<readonly SqsMessage[]>;
  delete(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Calls back whenever a message may have become visible in the queue. */
  onVisible(queueArn: string, callback: () => void): () => void;
}

/** Time, injected so that a test drives it. */
export interface Clock {
  now(): number;
  /** Calls back once after `ms`; the answer cancels it. */
  after(ms: number, callback: () => void): () => void;
}

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

/** Temporary credentials as the security token service issues them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface StagedAsset {
  readonly kind: 'file' | 'image';
  /** Absolute path of the file or folder in the assembly. */
  readonly path: string;
  readonly packaging: 'zip' | 'file' | 'image';
  /** For an image: the absolute path of its Dockerfile. */
  readonly dockerfile?: string;
}

/** One emulated service: a folder under local/, listed in the registry. */
export interface ServicePlugin {
  readonly name: string;
  readonly resourceTypes: Readonly<Record<string, ResourceSupport>>;
  /** Types that templates name by themselves; undefined for one that is not this service's. */
  supportOf?(type: string): ResourceSupport | undefined;
  start(cloud: LocalCloud): Promise<RunningService>;
}
