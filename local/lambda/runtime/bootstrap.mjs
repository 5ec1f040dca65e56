/**
 * What runs inside an execution environment: loads the handler and speaks the Lambda runtime API
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) until the local cloud ends it.
 */

import { callHandler } from './call.mjs';
import { runtimeClient } from './client.mjs';
import { setClock } from './clock.mjs';
import { patchConsole } from './console.mjs';
import { createContext } from './context.mjs';
import { describeError, userError } from './errors.mjs';
import { loadHandler } from './load.mjs';

// The local cloud holds the other end of this pipe: when it is gone, even by kill -9, so are we.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();
process.stdin.unref?.();

const client = runtimeClient(process.env.AWS_LAMBDA_RUNTIME_API);
let requestId;
patchConsole(() => requestId);

/** Reports what nobody caught as the failure of the current invocation, and ends the process as Lambda does. */
async function failAndExit(error) {
  console.error(error);
  if (requestId === undefined) await client.initError(describeError(error));
  else await client.invocationError(requestId, describeError(error));
  process.exit(129);
}
process.on('uncaughtException', (error) => void failAndExit(error));
process.on(
  'unhandledRejection',
  (reason) =>
    void failAndExit(
      userError(
        'Runtime.UnhandledPromiseRejection',
        reason instanceof Error ? String(reason) : `${reason}`,
        reason,
      ),
    ),
);

async function initialize() {
  try {
    return await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    console.error(error);
    await client.initError(describeError(error));
    return process.exit(1);
  }
}

async function run() {
  const handler = await initialize();
  for (;;) {
    const { event, headers } = await client.next();
    requestId = headers['lambda-runtime-aws-request-id'];
    setClock(Number(headers['local-clock-ahead-ms']));
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    try {
      const result = await callHandler(handler, event, createContext(headers));
      await client.respond(requestId, serialize(result));
    } catch (error) {
      console.error('Invoke Error', error);
      await client.invocationError(requestId, describeError(error));
    }
  }
}

function serialize(result) {
  try {
    return JSON.stringify(result ?? null) ?? 'null';
  } catch (error) {
    throw userError('Runtime.MarshalError', 'Unable to stringify response body', error);
  }
}

// Not awaited here: a handler that waits for what never comes then ends the process without an error, as on Lambda.
void run();
