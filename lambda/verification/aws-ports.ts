import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { NotYet, VerificationFailed } from './patience.ts';
import { storedSha256 } from './stored-checksum.ts';
import type { VerifyPorts } from './verify.ts';

/**
 * How often a refused call is made. A role's policies take some seconds to be known everywhere (IAM user guide,
 * "Changes that I make are not always immediately visible"); what is refused for longer is not allowed.
 */
const REFUSED_ATTEMPTS = 5;

/** Codes that both services use for it, each in its own way. */
const REFUSED = new Set(['AccessDeniedException', 'AccessDenied']);

/** What asking again does not change. */
const FINAL = new Set(['ValidationException', 'ResourceNotFoundException']);
const NOT_IMPLEMENTED = 501;

/** The verification's view of SageMaker and Lambda. */
export function awsPorts(): Omit<VerifyPorts, 'golden'> {
  let describe: ReturnType<typeof describer> | undefined;
  // It is asked again with a pause in between, so the client itself does not.
  const lambda = new LambdaClient({ maxAttempts: 1 });
  /** What a function says to a question of a verification. */
  const invoke = <T>(fn: string, functionArn: string, question: object, abortSignal: AbortSignal) =>
    classified(async () => {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(question) }),
        { abortSignal },
      );
      const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
      if (FunctionError === undefined) return answer as T;
      const { errorMessage = '' } = answer as { readonly errorMessage?: string };
      throw new VerificationFailed(`The function ${fn} fails: ${errorMessage}`);
    });
  return {
    describeEndpoint: (name, abortSignal) =>
      classified(async () => {
        describe ??= describer();
        const {
          EndpointStatus: status = 'unknown',
          EndpointConfigName: configName,
          ProductionVariants: [variant] = [],
        } = await (await describe)(name, abortSignal);
        return { status, configName, instances: variant?.CurrentInstanceCount };
      }),
    ask: (functionArn, question, signal) => invoke('that predicts', functionArn, question, signal),
    collect: (functionArn, question, signal) =>
      invoke('that completes predictions', functionArn, question, signal),
    storedSha256: (object, signal) => storedSha256(object, signal),
    newName: randomUUID,
    pause: async (ms, signal) => {
      await wait(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** What describes endpoints: a large client, which models that run inside their function have no use for. */
async function describer() {
  const { DescribeEndpointCommand, SageMakerClient } = await import('@aws-sdk/client-sagemaker');
  const client = new SageMakerClient({});
  return (name: string, abortSignal: AbortSignal) =>
    client.send(new DescribeEndpointCommand({ EndpointName: name }), { abortSignal });
}

/** Makes of a service's error what the verification understands. */
export async function classified<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof VerificationFailed || !(error instanceof Error)) throw error;
    if (REFUSED.has(error.name)) throw new NotYet(error.message, REFUSED_ATTEMPTS);
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    const isFinal = FINAL.has(error.name) || $metadata?.httpStatusCode === NOT_IMPLEMENTED;
    throw isFinal ? new VerificationFailed(error.message) : new NotYet(error.message);
  }
}
