import type { TokenVerifier } from './token-verifier.ts';

/** What API Gateway asks an authorizer of type TOKEN. */
export interface AuthorizerQuestion {
  /** The whole header. */
  readonly authorizationToken: string;
  /** The method that is called: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. */
  readonly methodArn: string;
}

/** What an authorizer answers. It passes nothing on: whatever it did would be in logs and traces. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      { readonly Effect: 'Allow' | 'Deny'; readonly Action: 'execute-api:Invoke'; readonly Resource: string },
    ];
  };
}

/** Who is asking, where nobody can tell. */
const NOBODY = 'nobody';

/**
 * Lets whoever holds a good token call every route of the stage, because API Gateway keeps the answer for all of them. A
 * bad one is denied and not answered with an error, which would count as one of the function's.
 */
export async function authorize(
  verify: TokenVerifier,
  { authorizationToken, methodArn }: AuthorizerQuestion,
): Promise<AuthorizerAnswer> {
  const caller = await verify(authorizationToken.replace(/^Bearer /, ''));
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    principalId: caller ?? NOBODY,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: caller === undefined ? 'Deny' : 'Allow',
          Action: 'execute-api:Invoke',
          Resource: `${api}/${stage}/*`,
        },
      ],
    },
  };
}
