/** What became of one request to a stage. */
export interface RequestSummary {
  readonly requestId: string;
  readonly stage: string;
  readonly method: string;
  /** With the stage. */
  readonly path: string;
  readonly status: number;
  readonly latencyMs: number;
}

/** API Gateway as the rest of the local cloud sees it. */
export interface ApiGatewayService {
  /** Where the stages are served, without a slash at the end. */
  readonly url: string;
  /** The value of an API key, by its id (what `Ref` answers). */
  keyValue(keyId: string): string | undefined;
  /** Calls back after every request to a stage; the answer ends that. */
  onRequest(listener: (summary: RequestSummary) => void): () => void;
}

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    apigateway?: ApiGatewayService;
  }
}
