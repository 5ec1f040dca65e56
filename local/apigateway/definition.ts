import type { BodyValidator } from './body-validator.ts';
import type { GatewayResponseDefinition } from './gateway-responses.ts';
import type { Integration } from './integration.ts';

/** A REST API of the template, ready to be served. */
export interface Api {
  readonly id: string;
  readonly name: string;
  readonly keySource: 'HEADER' | 'AUTHORIZER';
  readonly binaryMediaTypes: readonly string[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponseDefinition>;
  readonly routes: RouteNode;
}

/** A resource of an API with its methods and children. */
export interface RouteNode {
  readonly resourceId: string;
  /** As API Gateway writes it, for example `/predictions/{id}`. */
  readonly path: string;
  readonly methods: Map<string, Method>;
  readonly literals: Map<string, RouteNode>;
  /** `{name}`, one segment. */
  parameter?: { readonly name: string; readonly node: RouteNode };
  /** `{name+}`, one segment or more. */
  greedy?: { readonly name: string; readonly node: RouteNode };
}

/** A Lambda authorizer of type TOKEN. */
export interface TokenAuthorizer {
  readonly id: string;
  readonly functionArn: string;
  /** The header that holds the token, in lower case. */
  readonly header: string;
  /** What a token has to look like before the function is asked. */
  readonly validation: RegExp | undefined;
  readonly resultTtlSeconds: number;
}

/** Whom a method lets in. */
export type MethodAuthorization =
  | { readonly kind: 'none' }
  /** Whoever signs and is allowed to call. */
  | { readonly kind: 'iam' }
  | { readonly kind: 'token'; readonly authorizer: TokenAuthorizer };

export interface Method {
  readonly httpMethod: string;
  readonly resourceId: string;
  readonly resourcePath: string;
  readonly apiKeyRequired: boolean;
  readonly authorization: MethodAuthorization;
  /** Validation of the body by content type; undefined where no validator asks for it. */
  readonly validateBody: BodyValidator | undefined;
  /** Request parameters that a validator asks for, such as `querystring.limit`. */
  readonly requiredParameters: readonly string[];
  readonly integration: Integration;
}

export interface Throttle {
  /** Requests a second. */
  readonly rateLimit: number;
  readonly burstLimit: number;
}

export interface MethodSetting {
  /** `/*` for all, otherwise a resource's path. */
  readonly resourcePath: string;
  /** `*` for all. */
  readonly httpMethod: string;
  readonly throttle: Throttle | undefined;
  readonly metrics: boolean | undefined;
}

export interface Stage {
  readonly api: Api;
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly tracing: boolean;
  readonly accessLog: { readonly logGroup: string; readonly format: string } | undefined;
  readonly settings: readonly MethodSetting[];
}

/** The setting of a method, the most specific one that says anything about it. */
export function methodSetting<K extends keyof MethodSetting>(
  stage: Stage,
  method: Pick<Method, 'httpMethod' | 'resourcePath'>,
  key: K,
): MethodSetting[K] | undefined {
  const specificity = (one: MethodSetting) =>
    (one.resourcePath === method.resourcePath ? 2 : 0) + (one.httpMethod === method.httpMethod ? 1 : 0);
  return stage.settings
    .filter(
      (one) =>
        (one.resourcePath === '/*' || one.resourcePath === method.resourcePath) &&
        (one.httpMethod === '*' || one.httpMethod === method.httpMethod) &&
        one[key] !== undefined,
    )
    .toSorted((left, right) => specificity(right) - specificity(left))[0]?.[key];
}
