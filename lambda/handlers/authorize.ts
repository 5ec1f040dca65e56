import { type AuthorizerAnswer, type AuthorizerQuestion, authorize } from '../access/authorize.ts';
import { publishedKeys, tokenVerifier } from '../access/token-verifier.ts';
import { readEnvironment } from '../environment.ts';

/** The function that API Gateway asks about tokens. */
export function createHandler(): (event: AuthorizerQuestion) => Promise<AuthorizerAnswer> {
  const { TOKEN_ISSUER, TOKEN_AUDIENCE, JWKS_URL } = readEnvironment([
    'TOKEN_ISSUER',
    'TOKEN_AUDIENCE',
    'JWKS_URL',
  ]);
  const verify = tokenVerifier(publishedKeys(JWKS_URL), { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE });
  return (event) => authorize(verify, event);
}
