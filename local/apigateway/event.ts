import type { ApiKey } from './api-keys.ts';
import { mediaType } from './body-validator.ts';
import type { Stage } from './definition.ts';
import { type Incoming, lastHeader } from './incoming.ts';
import type { Match } from './routes.ts';

/** Everything that a proxy event is made of. */
export interface ProxyRequest {
  readonly incoming: Incoming;
  readonly stage: Stage;
  readonly match: Match;
  readonly apiKey: ApiKey | undefined;
  readonly body: Buffer;
}

/** Headers that concern one connection, and those that API Gateway does not pass on. */
const DROPPED = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The event of a Lambda proxy integration, payload format 1.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
 */
export function proxyEvent(request: ProxyRequest): Record<string, unknown> {
  const { incoming, stage, match, body } = request;
  const headers = forwarded(incoming);
  const query = [...new URLSearchParams(incoming.query)];
  const contentType = lastHeader(incoming.headers, 'content-type');
  const isBinary = body.length > 0 && isBinaryType(stage.api.binaryMediaTypes, mediaType(contentType));
  return {
    resource: match.method.resourcePath,
    path: incoming.path.slice(stage.name.length + 1) || '/',
    httpMethod: incoming.httpMethod,
    headers: Object.fromEntries(headers),
    multiValueHeaders: multiValue(headers),
    queryStringParameters: query.length === 0 ? null : Object.fromEntries(query),
    multiValueQueryStringParameters: query.length === 0 ? null : multiValue(query),
    pathParameters: orNull(match.pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: requestContext(request),
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary,
  };
}

function requestContext({ incoming, stage, match, apiKey }: ProxyRequest): Record<string, unknown> {
  return {
    resourceId: match.method.resourceId,
    resourcePath: match.method.resourcePath,
    httpMethod: incoming.httpMethod,
    extendedRequestId: incoming.extendedRequestId,
    requestTime: requestTime(incoming.receivedAt),
    path: incoming.path,
    accountId: stage.accountId,
    protocol: incoming.protocol,
    stage: stage.name,
    domainPrefix: stage.api.id,
    requestTimeEpoch: incoming.receivedAt,
    requestId: incoming.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: incoming.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: lastHeader(incoming.headers, 'user-agent') ?? null,
      user: null,
      ...(apiKey !== undefined && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    },
    domainName: domainName(stage),
    deploymentId: stage.deploymentId,
    apiId: stage.api.id,
  };
}

export function domainName(stage: Stage): string {
  return `${stage.api.id}.execute-api.${stage.region}.amazonaws.com`;
}

/** Whether a media type is one that an API treats as binary; `*` stands for a whole part. */
export function isBinaryType(binaryMediaTypes: readonly string[], type: string): boolean {
  return binaryMediaTypes.some((pattern) => {
    const [wantedType, wantedSubtype] = pattern.toLowerCase().split('/');
    const [givenType, givenSubtype] = type.split('/');
    return (
      (wantedType === '*' || wantedType === givenType) &&
      (wantedSubtype === '*' || wantedSubtype === givenSubtype)
    );
  });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The common log format's time in UTC, for example `10/Oct/2026:13:55:36 +0000`. */
export function requestTime(epochMs: number): string {
  const [date = '', time = ''] = new Date(epochMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/** The client's headers as a function gets them, with those that API Gateway adds. */
function forwarded(incoming: Incoming): readonly (readonly [string, string])[] {
  const given = incoming.headers.filter(
    ([name]) => !DROPPED.has(name.toLowerCase()) && name.toLowerCase() !== 'x-amzn-trace-id',
  );
  const via = lastHeader(incoming.headers, 'x-forwarded-for');
  return [
    ...given.filter(([name]) => !name.toLowerCase().startsWith('x-forwarded-')),
    ['X-Amzn-Trace-Id', incoming.traceHeader],
    ['X-Forwarded-For', via === undefined ? incoming.sourceIp : `${via}, ${incoming.sourceIp}`],
    ['X-Forwarded-Port', String(incoming.port)],
    ['X-Forwarded-Proto', 'http'],
  ];
}

function multiValue(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of pairs) values[name] = [...(values[name] ?? []), value];
  return values;
}

function orNull(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  return Object.keys(record).length === 0 ? null : record;
}
