import type { Clock } from '../clock/clock.ts';
import { FunctionNotFound, NotEmulated, RequestTooLarge } from '../lambda/errors.ts';
import { type InvokeResult, LambdaRefused, type LambdaService, LambdaThrottled } from '../lambda/service.ts';
import type { Stage } from './definition.ts';
import { type ProxyRequest, proxyEvent } from './event.ts';
import { GatewayError, NotEmulatedError } from './gateway-error.ts';
import type { LambdaProxyIntegration } from './integration.ts';

const PRINCIPAL = 'apigateway.amazonaws.com';

/**
 * Invokes the function behind a method and waits for its answer, no longer than the integration's timeout.
 * @throws {GatewayError} where there is no answer that could be passed on, {NotEmulatedError} where it can't run here
 */
export async function invokeFunction(
  integration: LambdaProxyIntegration,
  request: ProxyRequest,
  lambda: LambdaService,
  clock: Clock,
): Promise<unknown> {
  const functionArn = withStageVariables(integration.functionArn, request.stage);
  if (!lambda.permits(functionArn, PRINCIPAL, methodArn(request))) {
    const reason =
      'Execution failed due to configuration error: Invalid permissions on Lambda function: no AWS::Lambda::Permission ' +
      `lets ${PRINCIPAL} invoke ${functionArn} for ${methodArn(request)}`;
    throw new GatewayError('API_CONFIGURATION_ERROR', { reason });
  }
  const traceId = request.incoming.traceHeader;
  const invocation = lambda
    .invoke(functionArn, proxyEvent(request), {
      from: 'apigateway',
      ...(request.stage.tracing && { traceId }),
    })
    .catch((error: unknown) => {
      throw translate(error);
    });
  const result = await withTimeout(invocation, integration.timeoutMs, clock);
  if (result.functionError !== undefined) {
    const reason = `Lambda execution failed: ${JSON.stringify(result.payload)}`;
    throw new GatewayError('INTEGRATION_FAILURE', { status: 502, reason });
  }
  return result.payload;
}

/** The ARN that a function's permission names: API, stage, method and resource path. */
export function methodArn({ stage, match, incoming }: ProxyRequest): string {
  const api = `arn:aws:execute-api:${stage.region}:${stage.accountId}:${stage.api.id}`;
  return `${api}/${stage.name}/${incoming.httpMethod}${match.method.resourcePath}`;
}

function withStageVariables(text: string, stage: Stage): string {
  return text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stage.variables[name] ?? '');
}

function translate(error: unknown): Error {
  if (error instanceof LambdaThrottled) {
    const reason =
      'Lambda invocation failed with status: 429. Execution failed due to configuration error: Rate Exceeded.';
    return new GatewayError('INTEGRATION_FAILURE', { status: 500, reason });
  }
  if (error instanceof LambdaRefused) {
    const reason = `Lambda invocation failed with status: ${error.status}. ${error.code}: ${error.message}`;
    return new GatewayError('INTEGRATION_FAILURE', { status: 500, reason });
  }
  if (error instanceof RequestTooLarge) {
    return new GatewayError('REQUEST_TOO_LARGE', {
      reason: `Lambda invocation failed with status: 413. ${error.message}`,
    });
  }
  if (error instanceof FunctionNotFound)
    return new GatewayError('API_CONFIGURATION_ERROR', { reason: error.message });
  if (error instanceof NotEmulated) return new NotEmulatedError(error.message);
  return new GatewayError('INTEGRATION_FAILURE', {
    status: 500,
    reason: (error as Error).stack ?? String(error),
  });
}

async function withTimeout(
  invocation: Promise<InvokeResult>,
  timeoutMs: number,
  clock: Clock,
): Promise<InvokeResult> {
  let cancel: () => void = () => undefined;
  const timeout = new Promise<never>((_, reject) => {
    cancel = clock.after(timeoutMs, () => {
      const reason = `Execution failed due to a timeout error: the function did not answer within ${timeoutMs} ms`;
      reject(new GatewayError('INTEGRATION_TIMEOUT', { reason }));
    });
  });
  try {
    return await Promise.race([invocation, timeout]);
  } finally {
    cancel();
  }
}
