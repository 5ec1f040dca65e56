import { z } from 'zod';

/** The services of the local cloud that invoke functions by themselves. */
export type Invoker = z.output<typeof invoker>;
const invoker = z.enum(['apigateway', 'sns', 'sqs']);

const text = z.string().min(1);

/** An error as the service would answer it. */
function errorWith<S extends z.ZodType>(status: S) {
  return z.strictObject({ status, code: text, message: z.string() });
}

const refusal = z.int().min(400).max(599);

/** What every fault may have besides where it strikes. */
function effect<E extends z.ZodType>(error: E) {
  return {
    /** What the caller gets instead of an answer; without, what it asks for is done after the delay. */
    error: error.exactOptional(),
    /** Milliseconds, by the local cloud's clock, before the error is answered or what is asked for is done. */
    delayMs: z.int().min(0).max(600_000).exactOptional(),
    /** How often it strikes before it is over. @default - until it is removed */
    times: z.int().min(1).exactOptional(),
  };
}

/** Strikes calls of AWS APIs: at the front door, and those that a state machine's tasks make. */
const callFault = z.strictObject({
  at: z.literal('call'),
  /** The signing name, for example `dynamodb` or `sagemaker`. */
  service: text,
  /** The operation as IAM spells it. @default - every operation */
  operation: text.exactOptional(),
  /** A part of the ARN of what is touched. @default - whatever it is */
  resource: text.exactOptional(),
  /** The caller's role, by its name or its ARN. @default - every caller */
  role: text.exactOptional(),
  /** The name of the function that calls. @default - every caller */
  function: text.exactOptional(),
  ...effect(errorWith(refusal)),
});

/**
 * Strikes invocations of functions by other services. An error with the status 200 is the function's own, as Lambda's API answers
 * it: its type is the code. Any other is Lambda's refusal.
 */
const invocationFault = z.strictObject({
  at: z.literal('invocation'),
  /** The function's name, with or without the alias it is invoked by, or its ARN. @default - every function */
  function: text.exactOptional(),
  /** Which service invokes. @default - whichever does */
  from: invoker.exactOptional(),
  ...effect(errorWith(z.union([z.literal(200), refusal]))),
});

/** Strikes tasks of state machines, before their service is asked. The error's code is what `Retry` and `Catch` name. */
const taskFault = z.strictObject({
  at: z.literal('task'),
  /** The state machine's name or ARN. @default - every one */
  stateMachine: text.exactOptional(),
  /** The state's name. @default - every task */
  state: text.exactOptional(),
  /** A part of what the state's `Resource` says, for example `lambda:invoke`. @default - whatever it says */
  resource: text.exactOptional(),
  ...effect(z.strictObject({ code: text, message: z.string(), status: refusal.exactOptional() })),
});

const placed = z
  .discriminatedUnion('at', [callFault, invocationFault, taskFault])
  .refine(({ error, delayMs }) => error !== undefined || delayMs !== undefined, {
    message: 'A fault needs an error, a delayMs or both.',
  });

/** A fault as it is sent; one that does not say where it strikes is about calls. */
export const faultSchema = z.preprocess(
  (sent) => (typeof sent === 'object' && sent !== null && !('at' in sent) ? { at: 'call', ...sent } : sent),
  placed,
);

export type CallFault = z.output<typeof callFault>;
export type InvocationFault = z.output<typeof invocationFault>;
export type TaskFault = z.output<typeof taskFault>;
export type Fault = z.output<typeof placed>;

/** What `faultSchema` takes. */
export type FaultRequest = Fault | Omit<CallFault, 'at'>;
