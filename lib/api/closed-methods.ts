import { AuthorizationType, type MethodOptions, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AccessKind } from '../../contract/deployment/deployment.ts';

/** A token that has expired meanwhile is believed for at most so long, and its verification costs one call so often. */
const RESULT_TTL = Duration.minutes(1);

/** What a header with a token looks like (RFC 6750): without it, API Gateway refuses by itself. */
const BEARER = '^Bearer [-0-9A-Za-z_.]+$';

/**
 * The options that close every method of an API.
 * @throws {Error} where tokens are to be verified and nothing is there to do it
 */
export function closedMethods(
  scope: Construct,
  access: AccessKind,
  authorizer: IFunction | undefined,
): MethodOptions {
  switch (access) {
    case 'api-key':
      return { apiKeyRequired: true };
    case 'iam':
      return { authorizationType: AuthorizationType.IAM };
    case 'jwt': {
      if (authorizer === undefined) throw new Error(`${scope.node.path}: no function verifies tokens`);
      return {
        authorizationType: AuthorizationType.CUSTOM,
        authorizer: new TokenAuthorizer(scope, 'Authorizer', {
          handler: authorizer,
          resultsCacheTtl: RESULT_TTL,
          validationRegex: BEARER,
        }),
      };
    }
  }
}
