import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One JSON object for each request: enough to find the request's trace and the function's logs, nothing of what was
 * sent. The key is named by its id, never by its value.
 */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    traceId: '$context.xrayTraceId',
    time: '$context.requestTime',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    integrationLatencyMs: '$context.integrationLatency',
    integrationStatus: '$context.integrationStatus',
    responseBytes: '$context.responseLength',
    apiKeyId: '$context.identity.apiKeyId',
    errorResponseType: '$context.error.responseType',
  }),
);
