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

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    lambda?: LambdaService;
  }
}
