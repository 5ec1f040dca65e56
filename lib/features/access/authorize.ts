import type { Access } from '../../../contract/deployment/deployment.ts';
import type { Feature } from '../../functions/feature.ts';

/** Tokens, where the API takes them. */
export const TOKENS = {
  belongsTo: ({ settings: { access } }) => access.kind === 'jwt',
  functions: [
    {
      name: 'authorize',
      memoryMb: 512,
      timeoutSeconds: 10,
      description: 'Verifies the token of a request',
      handler: { kind: 'shared' },
      variables({ settings }) {
        const { issuer, audience, jwksUrl } = tokensOf(settings.access);
        return { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience, JWKS_URL: jwksUrl };
      },
    },
  ],
  outputs: ({ settings }) => [
    { id: 'TokenIssuer', value: tokensOf(settings.access).issuer, description: 'Whose tokens the API takes' },
  ],
} as const satisfies Feature;

function tokensOf(access: Access): Extract<Access, { kind: 'jwt' }> {
  if (access.kind !== 'jwt') throw new Error(`the API takes no tokens: its access is "${access.kind}"`);
  return access;
}
