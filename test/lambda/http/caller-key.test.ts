import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerKeyOf, identityOf } from '../../../lambda/http/caller-key.ts';

function event(headers: Record<string, string>, identity: object, authorizer?: object) {
  return { headers, requestContext: { identity, authorizer } } as unknown as APIGatewayProxyEvent;
}
const IDENTITY = { apiKeyId: 'key-1', userArn: null };

describe('the key of a caller', () => {
  it.each([
    ['what it calls itself', event({ 'X-Caller-Id': 'farm-7' }, IDENTITY), 'farm-7'],
    ['its API key, where it says nothing', event({}, IDENTITY), 'key-1'],
    ['its API key, where it says nothing with a header', event({ 'x-caller-id': '' }, IDENTITY), 'key-1'],
    [
      'who signed the request',
      event({}, { apiKeyId: null, userArn: 'arn:aws:iam::1:user/u' }),
      'arn:aws:iam::1:user/u',
    ],
    [
      'the role who signed the request, so that a new session keeps its variant',
      event({}, { userArn: 'arn:aws:sts::1:assumed-role/flights/i-0123' }),
      'arn:aws:sts::1:assumed-role/flights',
    ],
    ['whom the authorizer found', event({}, { apiKeyId: null }, { principalId: 'p-1' }), 'p-1'],
    ['the same for all of whom nothing is known', event({}, { apiKeyId: null }), 'anonymous'],
  ])('is %s', (_, received, key) => {
    expect(callerKeyOf(received)).toBe(key);
  });
});

describe('the identity of a caller', () => {
  it.each([
    ['its API key, whatever it calls itself', event({ 'x-caller-id': 'farm-7' }, IDENTITY), 'key-1'],
    ['whom the authorizer found', event({}, { apiKeyId: null }, { principalId: 'p-1' }), 'p-1'],
    ['the user who signed', event({}, { userArn: 'arn:aws:iam::1:user/u' }), 'arn:aws:iam::1:user/u'],
    [
      'the role who signed, whatever its session',
      event({}, { userArn: 'arn:aws:sts::1:assumed-role/flights/i-0123' }),
      'arn:aws:sts::1:assumed-role/flights',
    ],
    ['the same for all of whom nothing is known', event({}, { apiKeyId: '' }), 'anonymous'],
  ])('is %s', (_, received, identity) => {
    expect(identityOf(received)).toBe(identity);
  });
});
