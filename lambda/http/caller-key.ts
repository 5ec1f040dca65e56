import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CALLER_HEADER } from '../../contract/api/routes.ts';
import { headerOf } from './headers.ts';

/** Shared by callers of whom nothing is known. */
const ANONYMOUS = 'anonymous';

/** The session at the end of an assumed role's ARN: the same caller has many. */
const ASSUMED_ROLE = /^(arn:[^:]+:sts::\d*:assumed-role\/[^/]+)\/.*$/;

/**
 * Whom API Gateway has identified, by API key, by signature or by an authorizer. Nothing that the caller says of itself
 * counts, neither a header nor the name of a session: this decides whose uploads it may use.
 */
export function identityOf({ requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>): string {
  const { identity, authorizer } = requestContext;
  const known = [identity.apiKeyId, identity.userArn?.replace(ASSUMED_ROLE, '$1'), authorizer?.principalId];
  return known.find((key): key is string => typeof key === 'string' && key !== '') ?? ANONYMOUS;
}

/**
 * Who asks, as far as a sticky assignment needs to know: whom the caller itself names, as an application does that asks
 * for many users; else whom API Gateway has identified.
 */
export function callerKeyOf(event: Pick<APIGatewayProxyEvent, 'headers' | 'requestContext'>): string {
  const sent = headerOf(event, CALLER_HEADER);
  return sent === undefined || sent === '' ? identityOf(event) : sent;
}
