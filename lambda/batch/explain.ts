import { z } from 'zod';
import { logger } from '../observability.ts';
import type { ExplainEvent } from './events.ts';
import type { FinishPorts } from './finish.ts';
import { writeFailure } from './summary.ts';

/** What the execution fails with. */
export interface Explanation {
  readonly error: string;
  readonly cause: string;
}

/** What a state machine is told of a function that failed. */
const functionFailure = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

/** What a state machine is told of a transform job that failed: the whole description of the job. */
const jobFailure = z.object({ TransformJobName: z.string(), FailureReason: z.string() });

/** The step that is left where another one failed: writes a summary that names the cause, in words. */
export async function batchExplain(
  ports: Pick<FinishPorts, 'model' | 'objects' | 'now'>,
  event: ExplainEvent,
): Promise<Explanation> {
  const { Error: error, Cause } = event.error;
  const explanation = { error, cause: inWords(error, Cause) };
  logger.error('batch failed', { execution: event.execution, error });
  await writeFailure(ports, event, explanation);
  return explanation;
}

function inWords(error: string, cause: string): string {
  const described = parsedJson(cause);
  const job = jobFailure.safeParse(described);
  if (job.success) return `The transform job ${job.data.TransformJobName} failed: ${job.data.FailureReason}`;
  const failure = functionFailure.safeParse(described);
  if (failure.success) {
    const { errorType = error, errorMessage } = failure.data;
    return `${errorType}: ${errorMessage}`;
  }
  return cause;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
