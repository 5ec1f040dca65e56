import type { Stack } from 'aws-cdk-lib';
import { AuthorizationType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, inlineFunction, startFixture } from '../lambda/fixture.ts';
import { PLUGINS, SettableClock } from './api-fixture.ts';

let fixture: Fixture;
let url: string;
const clock = new SettableClock();

beforeAll(async () => {
  fixture = await startFixture(buildApi, { plugins: PLUGINS, clock });
  url = `${fixture.services.apigateway?.url}/signed`;
});
afterAll(() => fixture.close());

interface Signing {
  readonly accessKeyId?: string;
  readonly service?: string;
  readonly region?: string;
  readonly date?: string;
}

/** The headers of a signature over a request of now; what it is over matters to nobody here. */
function signature(signing: Signing = {}): Record<string, string> {
  const { accessKeyId = 'developer', service = 'execute-api', region = 'us-east-1' } = signing;
  const date = signing.date ?? basicTime(clock.now());
  const scope = `${accessKeyId}/${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=0`,
    'x-amz-date': date,
  };
}

function basicTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function keyOf(role: string): string {
  return fixture.cloud.credentialsFor(`arn:aws:iam::000000000000:role/${role}`).accessKeyId;
}

async function answer(path: string, headers: Record<string, string>, method = 'GET') {
  const response = await fetch(`${url}${path}`, { method, headers });
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    text: await response.text(),
  };
}

describe('a method with IAM authorization', () => {
  test("lets the developer's signature pass", async () => {
    expect(await answer('/fields/one', signature())).toMatchObject({ status: 200, text: 'one' });
  });

  test('refuses a request without a signature', async () => {
    expect(await answer('/fields/one', {})).toMatchObject({
      status: 403,
      type: 'MissingAuthenticationTokenException',
    });
  });

  test.each([
    ['for another service', { service: 's3' }],
    ['for another region', { region: 'eu-west-1' }],
    ['that is six minutes old', { date: basicTime(clock.now() - 6 * 60_000) }],
    ['of six minutes from now', { date: basicTime(clock.now() + 6 * 60_000) }],
    ['without a time', { date: 'today' }],
  ])('refuses a signature %s', async (_, signing) => {
    expect(await answer('/fields/one', signature(signing))).toMatchObject({
      status: 403,
      type: 'InvalidSignatureException',
    });
  });

  test('lets a role call what its policies allow', async () => {
    const headers = signature({ accessKeyId: keyOf('reader') });

    expect(await answer('/fields/one', headers)).toMatchObject({ status: 200, text: 'one' });
  });

  test.each([
    ['another path', '/fields/two', 'GET'],
    ['another method', '/fields/one', 'POST'],
  ])('denies a role %s, and says what it lacks', async (_, path, method) => {
    const { status, type, text } = await answer(path, signature({ accessKeyId: keyOf('reader') }), method);

    expect({ status, type }).toEqual({ status: 403, type: 'AccessDeniedException' });
    expect(text).toMatch(
      /reader\/reader is not authorized to perform: execute-api:Invoke on resource: arn:aws:/,
    );
  });

  test('denies a role whose policies allow nothing', async () => {
    const headers = signature({ accessKeyId: keyOf('stranger') });

    expect(await answer('/fields/one', headers)).toMatchObject({
      status: 403,
      type: 'AccessDeniedException',
    });
  });
});

function buildApi(stack: Stack): void {
  const api = new RestApi(stack, 'Api', {
    deployOptions: { stageName: 'signed' },
    defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
  });
  const echo = new LambdaIntegration(
    inlineFunction(stack, 'signed-echo', 'return { statusCode: 200, body: event.pathParameters.name }'),
  );
  const field = api.root.addResource('fields').addResource('{name}');
  field.addMethod('GET', echo);
  field.addMethod('POST', echo);
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  new Role(stack, 'Reader', { roleName: 'reader', assumedBy }).addToPolicy(
    new PolicyStatement({
      actions: ['execute-api:Invoke'],
      resources: [api.arnForExecuteApi('GET', '/fields/one', 'signed')],
    }),
  );
  new Role(stack, 'Stranger', { roleName: 'stranger', assumedBy });
}
