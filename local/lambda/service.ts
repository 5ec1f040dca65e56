import type { Invoker } from '../faults/fault.ts';

export interface InvokeResult {
  /** The function's answer, or its error object when `functionError` is set. */
  readonly payload: unknown;
  readonly functionError?: 'Unhandled' | 'Handled';
}

export interface InvokeOptions {
  readonly traceId?: string;
  /** The service that invokes by itself, for the faults that strike such invocations. @default - nothing strikes here */
  readonly from?: Invoker;
}

export interface LambdaService {
  /**
   * Invokes a function by ARN (unqualified, or qualified with an alias or version) and waits for it.
   * @throws {LambdaThrottled} where the reserved concurrency is used up, {LambdaRefused} where an injected fault says so
   */
  invoke(functionArn: string, event: unknown, options?: InvokeOptions): Promise<InvokeResult>;
  /** Ends the environments of a function that is not expected to be invoked again soon, as Lambda does with idle ones. */
  release(functionArn: string): void;
  /** Whether a resource-based permission lets `principal` (a service) with `sourceArn` invoke the function. */
  permits(functionArn: string, principal: string, sourceArn: string): boolean;
}

export class LambdaThrottled extends Error {
  override readonly name = 'LambdaThrottled';
}

/** The service, and not the function, fails: its answer to an invocation, which only an injected fault makes. */
export class LambdaRefused extends Error {
  override readonly name = 'LambdaRefused';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    lambda?: LambdaService;
  }
}
