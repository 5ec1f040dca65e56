import type { CommonOperation } from '../contract/api/routes.ts';

/** What is deployed for every model: the API's operations, the drain of the capture queue, and what proves deployments. */
export type CommonFunction = CommonOperation | 'drain' | 'verify';

/** The two ends of a batch. */
export const BATCH_FUNCTION_NAMES = ['batch-prepare', 'batch-finish'] as const;

export type BatchFunction = (typeof BATCH_FUNCTION_NAMES)[number];

/**
 * What belongs to some models: `authorize` to APIs that take tokens, `complete` to asynchronous hosting and `notify` to its
 * callbacks, `upload` to models that take images, and what batches have.
 */
export type OptionalFunction = 'authorize' | 'complete' | 'notify' | 'upload' | BatchFunction;

/** Every function that a model may have. */
export type FunctionName = CommonFunction | OptionalFunction;

/** What a function needs of Lambda. */
export interface FunctionSpec {
  /** In MB; Lambda gives CPU in proportion to it. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** What the function is for, as the console shows it. */
  readonly description: string;
}

/**
 * API Gateway gives up on an integration after 29 s (API Gateway quotas, "Maximum integration timeout"). The predict
 * function has to be done before that, or the client gets the gateway's answer instead of the function's.
 */
export const GATEWAY_TIMEOUT_SECONDS = 29;

export const FUNCTION_SPECS: Readonly<Record<FunctionName, FunctionSpec>> = {
  predict: {
    memoryMb: 1024,
    timeoutSeconds: GATEWAY_TIMEOUT_SECONDS - 1,
    description: 'Validates inputs, asks the model, captures and answers',
  },
  'get-prediction': { memoryMb: 512, timeoutSeconds: 10, description: 'Reads one stored prediction' },
  feedback: { memoryMb: 512, timeoutSeconds: 10, description: 'Stores what was observed for a prediction' },
  health: { memoryMb: 512, timeoutSeconds: 15, description: 'Asks the model a reference input' },
  describe: {
    memoryMb: 512,
    timeoutSeconds: 10,
    description: 'Answers the model card and the OpenAPI document',
  },
  drain: {
    memoryMb: 512,
    timeoutSeconds: 30,
    description: 'Stores the predictions that the table did not take at once',
  },
  verify: {
    memoryMb: 512,
    // A model that has gone to zero instances takes minutes to come back. Lambda gives no function longer than this.
    timeoutSeconds: 900,
    description: 'Asks golden predictions before a deployment takes over',
  },
  authorize: { memoryMb: 512, timeoutSeconds: 10, description: 'Verifies the token of a request' },
  complete: {
    memoryMb: 1024,
    timeoutSeconds: 30,
    description: 'Turns what the endpoint answered into predictions',
  },
  notify: {
    memoryMb: 512,
    timeoutSeconds: 30,
    description: 'Tells callers that their predictions are there',
  },
  upload: { memoryMb: 512, timeoutSeconds: 10, description: 'Answers where to upload an image' },
  // The longest that Lambda takes (Lambda quotas, "Function timeout"): what is not done by then goes on in another call.
  'batch-prepare': {
    memoryMb: 1024,
    timeoutSeconds: 900,
    description: 'Turns the lines of files into requests',
  },
  'batch-finish': {
    memoryMb: 1024,
    timeoutSeconds: 900,
    description: "Turns the model's answers into results",
  },
};

/** The functions that only some models have. */
export const OPTIONAL_FUNCTION_NAMES: readonly OptionalFunction[] = [
  'authorize',
  'complete',
  'notify',
  'upload',
  ...BATCH_FUNCTION_NAMES,
];

/** The functions that every model has. */
export const FUNCTION_NAMES: readonly CommonFunction[] = (
  Object.keys(FUNCTION_SPECS) as FunctionName[]
).filter((name): name is CommonFunction => !OPTIONAL_FUNCTION_NAMES.some((optional) => optional === name));
