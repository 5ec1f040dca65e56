/** What stands behind a method. */
export type Integration = LambdaProxyIntegration | MockIntegration | NotEmulatedIntegration;

export interface LambdaProxyIntegration {
  readonly kind: 'lambda';
  /** The function's ARN, perhaps with an alias; may hold `${stageVariables.name}`. */
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface MockIntegration {
  readonly kind: 'mock';
  /** The status that the request template gives, which selects the response. */
  readonly status: number;
  readonly responses: readonly MockResponse[];
}

export interface MockResponse {
  readonly status: number;
  /** Matches the request template's status; undefined is the default response. */
  readonly selectionPattern: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
}

export interface NotEmulatedIntegration {
  readonly kind: 'not-emulated';
  readonly reason: string;
}

/** API Gateway's longest and default integration timeout (API Gateway quotas, REST APIs). */
export const DEFAULT_TIMEOUT_MS = 29_000;
