import { traceRoot } from '../lambda/trace-header.ts';
import type { ApiKey } from './api-keys.ts';
import type { ContextVariables } from './context-template.ts';
import type { Stage } from './definition.ts';
import { domainName, requestTime } from './event.ts';
import type { GatewayError } from './gateway-error.ts';
import { type Incoming, lastHeader } from './incoming.ts';
import type { Reply } from './reply.ts';
import type { Match } from './routes.ts';

/** One request and what has become of it so far. */
export interface Exchange {
  readonly incoming: Incoming;
  readonly stage: Stage;
  match?: Match;
  apiKey?: ApiKey;
  integration?: { readonly status: number; readonly latencyMs: number };
  error?: GatewayError;
  reply?: Reply;
  latencyMs?: number;
}

/**
 * The `$context` variables
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html).
 */
export function contextVariables(exchange: Exchange): ContextVariables {
  const { incoming, stage, match, apiKey, integration, error, reply } = exchange;
  const message = error?.message;
  return {
    accountId: stage.accountId,
    apiId: stage.api.id,
    deploymentId: stage.deploymentId,
    domainName: domainName(stage),
    domainPrefix: stage.api.id,
    'error.message': message,
    'error.messageString': message === undefined ? undefined : JSON.stringify(message),
    'error.responseType': error?.type,
    'error.validationErrorString': error?.validationErrors,
    extendedRequestId: incoming.extendedRequestId,
    httpMethod: incoming.httpMethod,
    'identity.apiKey': apiKey?.value,
    'identity.apiKeyId': apiKey?.id,
    'identity.sourceIp': incoming.sourceIp,
    'identity.userAgent': lastHeader(incoming.headers, 'user-agent'),
    'integration.integrationStatus': integration?.status,
    'integration.latency': integration?.latencyMs,
    'integration.status': integration?.status,
    integrationLatency: integration?.latencyMs,
    integrationStatus: integration?.status,
    path: incoming.path,
    protocol: incoming.protocol,
    requestId: incoming.requestId,
    requestTime: requestTime(incoming.receivedAt),
    requestTimeEpoch: incoming.receivedAt,
    resourceId: match?.method.resourceId,
    resourcePath: match?.method.resourcePath,
    responseLatency: exchange.latencyMs,
    responseLength: reply?.body.length,
    stage: stage.name,
    status: reply?.status,
    xrayTraceId: stage.tracing ? traceRoot(incoming.traceHeader) : undefined,
  };
}
