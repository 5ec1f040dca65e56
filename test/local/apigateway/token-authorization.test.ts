import { Duration, type Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, inlineFunction, startFixture } from '../lambda/fixture.ts';
import { PLUGINS, SettableClock } from './api-fixture.ts';

let fixture: Fixture;
let url: string;
const clock = new SettableClock();

beforeAll(async () => {
  fixture = await startFixture(buildApi, { plugins: PLUGINS, clock });
  url = `${fixture.services.apigateway?.url}/tokens`;
});
afterAll(() => fixture.close());

async function answer(path: string, token?: string) {
  const response = await fetch(`${url}${path}`, token === undefined ? {} : { headers: { 'X-Token': token } });
  return { status: response.status, type: response.headers.get('x-amzn-errortype') };
}

/** How often the authorizer was asked. */
const asked = () =>
  fixture.recorded
    .of('AWS/Lambda', 'Invocations', { FunctionName: 'judge' })
    .reduce((sum, datum) => sum + datum.value, 0);

describe('a method behind a token authorizer', () => {
  test('lets pass what the policy allows', async () => {
    expect(await answer('/one', 'T-allow')).toEqual({ status: 200, type: null });
  });

  test.each([
    ['no token', undefined, 401, 'UnauthorizedException'],
    ['a token without the form', 'allow', 401, 'UnauthorizedException'],
    ["a token that the authorizer calls 'Unauthorized'", 'T-unauthorized', 401, 'UnauthorizedException'],
    ['a token whose policy denies', 'T-deny', 403, 'AccessDeniedException'],
    ['a token whose policy allows something else', 'T-other', 403, 'AccessDeniedException'],
    ['a token that is both allowed and denied', 'T-both', 403, 'AccessDeniedException'],
    ['a token on which the authorizer fails', 'T-fail', 500, 'AuthorizerConfigurationException'],
    ['a token for which it answers no policy', 'T-none', 500, 'AuthorizerConfigurationException'],
  ])('refuses %s', async (_, token, status, type) => {
    expect(await answer('/one', token)).toEqual({ status, type });
  });

  test('asks again only when the answer has expired, for another path as well', async () => {
    const before = asked();
    await answer('/one', 'T-allow-kept');
    await answer('/two', 'T-allow-kept');
    expect(asked() - before).toBe(1);

    clock.time += 59_000;
    await answer('/one', 'T-allow-kept');
    expect(asked() - before).toBe(1);

    clock.time += 1000;
    await answer('/one', 'T-allow-kept');
    expect(asked() - before).toBe(2);
  });
});

const JUDGE = `
  const token = event.authorizationToken;
  const stage = event.methodArn.split('/').slice(0, 2).join('/');
  const statement = (Effect, Resource) => ({ Effect, Action: 'execute-api:Invoke', Resource });
  const policy = (...Statement) => ({ principalId: 'caller', policyDocument: { Version: '2012-10-17', Statement } });
  if (event.type !== 'TOKEN' || token === 'T-fail') throw new Error('down');
  if (token === 'T-unauthorized') throw new Error('Unauthorized');
  if (token === 'T-none') return {};
  if (token === 'T-deny') return policy(statement('Deny', stage + '/*'));
  if (token === 'T-other') return policy(statement('Allow', stage + '/POST/*'));
  if (token === 'T-both') return policy(statement('Allow', stage + '/*'), statement('Deny', stage + '/GET/*'));
  return policy(statement('Allow', stage + '/*'));`;

function buildApi(stack: Stack): void {
  const api = new RestApi(stack, 'Api', { deployOptions: { stageName: 'tokens' } });
  const authorizer = new TokenAuthorizer(stack, 'Authorizer', {
    handler: inlineFunction(stack, 'judge', JUDGE),
    identitySource: 'method.request.header.X-Token',
    validationRegex: '^T-',
    resultsCacheTtl: Duration.minutes(1),
  });
  const integration = new LambdaIntegration(inlineFunction(stack, 'open-door', 'return { statusCode: 200 }'));
  api.root.addResource('{name}').addMethod('GET', integration, { authorizer });
}
