import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { authorize } from '../../../lambda/access/authorize.ts';
import { publishedKeys, tokenVerifier } from '../../../lambda/access/token-verifier.ts';

const RULES = { issuer: 'https://login.example', audience: 'models' };
const NOW = new Date('2026-05-04T12:00:00Z');
const METHOD = 'arn:aws:execute-api:us-east-1:000000000000:api/barley-yield/POST/predictions';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

let published: readonly JWK[];
let fetched = 0;
let broken = false;
const keySet = createServer((_request, response) => {
  fetched += 1;
  response.writeHead(broken ? 500 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ keys: published }));
});
let url: string;
let rsa: KeyPair;
let elliptic: KeyPair;
let stranger: KeyPair;

beforeAll(async () => {
  rsa = await generateKeyPair('RS256');
  elliptic = await generateKeyPair('ES256');
  stranger = await generateKeyPair('RS256');
  published = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'ec', alg: 'ES256' },
  ];
  await new Promise<void>((resolve) => keySet.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(keySet.address() as AddressInfo).port}/keys`;
});
beforeEach(() => {
  fetched = 0;
  broken = false;
});
afterAll(() => void keySet.close());

const verifier = () => tokenVerifier(publishedKeys(url), RULES, () => NOW);

interface Minting {
  readonly claims?: JWTPayload;
  readonly key?: KeyPair['privateKey'] | Uint8Array;
  /** Null for a token that names no key. */
  readonly kid?: string | null;
  readonly alg?: string;
}

/** A good token, but for what is asked for. */
function mint({ claims = {}, key = rsa.privateKey, kid = 'rsa', alg = 'RS256' }: Minting = {}) {
  const seconds = NOW.getTime() / 1000;
  const good = { iss: RULES.issuer, aud: RULES.audience, sub: 'farm-7', exp: seconds + 60 };
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg, ...(kid !== null && { kid }) })
    .sign(key);
}

describe('a token', () => {
  it.each([
    ['RS256', () => mint()],
    ['ES256', () => mint({ key: elliptic.privateKey, kid: 'ec', alg: 'ES256' })],
    ['RS256 for several audiences', () => mint({ claims: { aud: ['others', 'models'] } })],
  ])('is trusted: %s', async (_, token) => {
    expect(await verifier()(await token())).toBe('farm-7');
  });

  it.each([
    ['of another issuer', () => mint({ claims: { iss: 'https://elsewhere.example' } })],
    ['for another audience', () => mint({ claims: { aud: 'others' } })],
    ['that has expired', () => mint({ claims: { exp: NOW.getTime() / 1000 - 6 } })],
    ['that is not valid yet', () => mint({ claims: { nbf: NOW.getTime() / 1000 + 60 } })],
    ['without an expiry', () => mint({ claims: { exp: undefined as never } })],
    ['without a subject', () => mint({ claims: { sub: undefined as never } })],
    ['signed with a key of somebody else', () => mint({ key: stranger.privateKey })],
    ['with a key that is not published', () => mint({ key: stranger.privateKey, kid: 'stranger' })],
    ['with a shared secret', () => mint({ key: new Uint8Array(32), alg: 'HS256' })],
    ['without a signature', async () => `${btoa('{"alg":"none"}').replaceAll('=', '')}.e30.`],
    ['that is none', async () => 'oops'],
  ])('is not trusted: %s', async (_, token) => {
    expect(await verifier()(await token())).toBeUndefined();
  });

  it('is not trusted where several keys may have signed it and it names none', async () => {
    published = [...published, { ...(await exportJWK(stranger.publicKey)), kid: 'next', alg: 'RS256' }];
    onTestFinished(() => {
      published = published.slice(0, -1);
    });
    expect(await verifier()(await mint({ kid: null }))).toBeUndefined();
    expect(await verifier()(await mint())).toBe('farm-7');
  });

  it('says nothing where the keys can not be had: that is an error, not a refusal', async () => {
    broken = true;
    await expect(verifier()(await mint())).rejects.toThrow();
  });

  it('is verified with keys that were fetched before', async () => {
    const verify = verifier();
    await verify(await mint());
    await verify(await mint({ claims: { sub: 'farm-8' } }));

    expect(fetched).toBe(1);
  });
});

describe("the authorizer's answer", () => {
  it('lets a trusted caller reach every route of the stage, and passes nothing on', async () => {
    const answer = await authorize(async () => 'farm-7', {
      authorizationToken: 'Bearer token',
      methodArn: METHOD,
    });

    expect(answer).toEqual({
      principalId: 'farm-7',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: 'arn:aws:execute-api:us-east-1:000000000000:api/barley-yield/*',
          },
        ],
      },
    });
  });

  it('denies everybody else, without an error of the function', async () => {
    const asked: string[] = [];
    const verify = async (token: string) => void asked.push(token);
    const answer = await authorize(verify as () => Promise<undefined>, {
      authorizationToken: 'Bearer a.b.c',
      methodArn: METHOD,
    });

    expect(asked).toEqual(['a.b.c']);
    expect(answer.principalId).toBe('nobody');
    expect(answer.policyDocument.Statement[0].Effect).toBe('Deny');
  });
});
