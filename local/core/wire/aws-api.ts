import type { RequiredPermission } from '../iam/permission.ts';
import type { Principal } from '../iam/principal.ts';

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
