import { describe, expect, test } from 'vitest';
import { matchesArn } from '../../../local/core/iam/arn.ts';
import { parseFunctionReference } from '../../../local/lambda/arn.ts';
import { permits } from '../../../local/lambda/permissions.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:predict';
const API = 'arn:aws:execute-api:us-east-1:000000000000:abc';

describe('permits', () => {
  const permission = {
    name: 'predict',
    qualifier: undefined,
    principal: 'apigateway.amazonaws.com',
    sourceArn: `${API}/dev/POST/*`,
  };

  test.each([
    [ARN, 'apigateway.amazonaws.com', `${API}/dev/POST/predictions`, true],
    [ARN, 'apigateway.amazonaws.com', `${API}/dev/GET/predictions`, false],
    [ARN, 'events.amazonaws.com', `${API}/dev/POST/predictions`, false],
    [ARN.replace('predict', 'health'), 'apigateway.amazonaws.com', `${API}/dev/POST/predictions`, false],
    [`${ARN}:live`, 'apigateway.amazonaws.com', `${API}/dev/POST/predictions`, false],
  ])('%s for %s from %s: %s', (arn, principal, source, expected) => {
    expect(permits([permission], arn, principal, source)).toBe(expected);
  });

  test('a permission for an alias holds for that alias only', () => {
    const live = { ...permission, qualifier: 'live' };

    expect(permits([live], `${ARN}:live`, permission.principal, `${API}/dev/POST/a`)).toBe(true);
    expect(permits([live], ARN, permission.principal, `${API}/dev/POST/a`)).toBe(false);
  });

  test('a permission without a source holds for every source', () => {
    expect(permits([{ ...permission, sourceArn: undefined }], ARN, permission.principal, 'anything')).toBe(
      true,
    );
  });
});

test.each([
  ['a:*:c', 'a:b:x:c', true],
  ['a:?:c', 'a:b:c', true],
  ['a:?:c', 'a:bb:c', false],
  ['a.c', 'abc', false],
  ['a', 'ab', false],
])('the pattern %s and the ARN %s: %s', (pattern, arn, expected) => {
  expect(matchesArn(pattern, arn)).toBe(expected);
});

test.each([
  ['predict', { name: 'predict' }],
  ['predict:live', { name: 'predict', qualifier: 'live' }],
  [ARN, { name: 'predict' }],
  [`${ARN}:$LATEST`, { name: 'predict', qualifier: '$LATEST' }],
  ['000000000000:function:predict:1', { name: 'predict', qualifier: '1' }],
  ['arn:aws:sqs:us-east-1:000000000000:queue', undefined],
  ['', undefined],
])('the function name %s is read as %j', (text, expected) => {
  expect(parseFunctionReference(text)).toEqual(expected);
});
