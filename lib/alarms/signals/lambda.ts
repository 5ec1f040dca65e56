import { datadogTags } from './datadog-spelling.ts';
import type { Signal } from './signal.ts';

export interface FunctionSignalOptions {
  /** The deployed function's name. */
  readonly functionName: string;
}

/** Invocations that ended in an error that the function did not answer: crashes and time-outs among them. */
export function functionErrors(options: FunctionSignalOptions): Signal {
  return total(options, 'Errors', 'aws.lambda.errors');
}

/** Invocations that were refused for want of concurrency; they count neither as invocations nor as errors. */
export function functionThrottles(options: FunctionSignalOptions): Signal {
  return total(options, 'Throttles', 'aws.lambda.throttles');
}

function total({ functionName }: FunctionSignalOptions, name: string, inDatadog: string): Signal {
  const dimensions = { FunctionName: functionName };
  return {
    metrics: [{ namespace: 'AWS/Lambda', name, dimensions }],
    statistic: 'Sum',
    periodSeconds: 300,
    datadog: { metrics: [inDatadog], over: 'sum', across: 'sum', tags: datadogTags(dimensions) },
  };
}
