import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServedModel } from '../model/model.ts';
import { InferenceError } from '../oip/error.ts';
import { parseRequest } from '../oip/request.ts';
import { serialiseResponse } from '../oip/response.ts';
import type { Config } from '../settings/config.ts';
import type { Log } from '../settings/log.ts';
import type { Admission } from './admission.ts';
import { type Answer, errorAnswer } from './answers.ts';
import { type CustomAttributes, parseCustomAttributes } from './attributes.ts';
import { checkContentType, readBody } from './body.ts';

export interface InvocationProps {
  /** @throws InferenceError 503 while no model can answer */
  readonly model: () => ServedModel;
  readonly admission: Admission;
  readonly config: Pick<Config, 'maxBodyBytes'>;
  readonly log: Log;
}

// An error may quote names that the client chose, of any length.
const LOGGED_ERROR_LENGTH = 500;

const ATTRIBUTES_HEADER = 'x-amzn-sagemaker-custom-attributes';

/** Answers an inference request and logs one line about it. Never throws. */
export async function invoke(
  props: InvocationProps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const facts: Facts = {};
  let answer: Answer;
  try {
    answer = await infer(props, request, response, facts);
  } catch (error) {
    answer = errorAnswer(error);
    facts.error = logText(error);
  }
  const { attributes, ...fields } = facts;
  props.log(levelOf(answer.status), 'invocation', {
    status: answer.status,
    requestId: attributes?.requestId,
    traceId: attributes?.traceId,
    traceparent: attributes?.traceparent,
    ...fields,
  });
  return answer;
}

/** What the log tells of a request. */
interface Facts {
  attributes?: CustomAttributes;
  id?: string;
  bytes?: number;
  batchSize?: number;
  queuedMs?: number;
  ranMs?: number;
  error?: string;
}

async function infer(
  { model, admission, config }: InvocationProps,
  request: IncomingMessage,
  response: ServerResponse,
  facts: Facts,
): Promise<Answer> {
  facts.attributes = parseCustomAttributes(headerText(request, ATTRIBUTES_HEADER));
  const served = model();
  checkContentType(request);
  const ticket = admission.enter();
  try {
    const body = await readBody(request, config.maxBodyBytes, ticket);
    facts.bytes = Buffer.byteLength(body);
    const inference = parseRequest(body);
    if (inference.id !== undefined) facts.id = inference.id;
    const { deadline } = facts.attributes;
    const outcome = await served.infer(inference, {
      signal: clientGone(response),
      ...(deadline !== undefined && { deadline }),
    });
    const { outputs, batchSize, queuedMs, ranMs } = outcome;
    Object.assign(facts, { batchSize, queuedMs, ranMs });
    const { name, version } = served;
    return {
      status: 200,
      headers: { 'x-batch-size': String(batchSize) },
      body: serialiseResponse({
        model: name,
        outputs,
        ...(version !== undefined && { version }),
        ...(inference.id !== undefined && { id: inference.id }),
      }),
    };
  } finally {
    ticket.release();
  }
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(';') : value;
}

/** Aborted when the connection closes before the answer is sent. */
function clientGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/** A refusal of work (503, 504) is the server doing its duty under load; another 5xx is a fault. */
function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status < 500) return 'info';
  return status === 503 || status === 504 ? 'warn' : 'error';
}

/**
 * ONNX Runtime's messages name the failing node and then give details, which can hold values of the payload: the
 * caller gets all of it, the log what comes before.
 */
function logText(error: unknown): string {
  if (error instanceof InferenceError)
    return error.message.split(' Status Message:', 1).join().slice(0, LOGGED_ERROR_LENGTH);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
