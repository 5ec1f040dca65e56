import type { z } from 'zod';
import type { MethodAuthorization } from './definition.ts';
import type { authorizerProperties, methodProperties } from './properties.ts';

const HEADER_SOURCE = 'method.request.header.';

/** How a method is closed, or why that is not emulated. */
export function readAuthorization(
  { AuthorizationType, AuthorizerId }: z.infer<typeof methodProperties>,
  authorizers: ReadonlyMap<string, z.infer<typeof authorizerProperties>>,
): MethodAuthorization | string {
  if (AuthorizationType === 'NONE') return { kind: 'none' };
  if (AuthorizationType === 'AWS_IAM') return { kind: 'iam' };
  const authorizer = authorizers.get(AuthorizerId ?? '');
  if (AuthorizationType !== 'CUSTOM' || authorizer === undefined) {
    return `authorization of type ${AuthorizationType} is not emulated`;
  }
  if (authorizer.Type !== 'TOKEN') return `an authorizer of type ${authorizer.Type} is not emulated`;
  const functionArn = /\/functions\/(.+)\/invocations$/.exec(authorizer.AuthorizerUri)?.[1];
  if (functionArn === undefined) return `the authorizer's URI ${authorizer.AuthorizerUri} names no function`;
  const { IdentityValidationExpression: expression } = authorizer;
  return {
    kind: 'token',
    authorizer: {
      id: AuthorizerId ?? '',
      functionArn,
      header: authorizer.IdentitySource.replace(HEADER_SOURCE, '').toLowerCase(),
      validation: expression === undefined ? undefined : new RegExp(expression),
      resultTtlSeconds: authorizer.AuthorizerResultTtlInSeconds,
    },
  };
}
