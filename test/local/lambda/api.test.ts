import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Fixture, functionArn, inlineFunction, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture((stack) => {
    const echo = inlineFunction(
      stack,
      'echo',
      'if (event.fail) throw new Error("failed"); console.log("got " + event.word); return event',
    );
    echo.addAlias('live');
    inlineFunction(stack, 'reserved', 'return 1', { reservedConcurrentExecutions: 0 });
    new Role(stack, 'Stranger', {
      roleName: 'stranger',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const allowed = new Role(stack, 'Allowed', {
      roleName: 'allowed',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    echo.grantInvoke(allowed);
  });
});

afterAll(() => fixture.close());

/** Signs as the SDK does, as far as the front door looks: it knows callers by their access key. */
function invoke(
  name: string,
  body: string,
  options: { headers?: Record<string, string>; query?: string; accessKeyId?: string } = {},
) {
  const key = options.accessKeyId ?? 'AKIADEVELOPER0000000';
  const scope = `${key}/20260101/us-east-1/lambda/aws4_request`;
  return fetch(
    `${fixture.frontDoorUrl}/2015-03-31/functions/${encodeURIComponent(name)}/invocations${options.query ?? ''}`,
    {
      method: 'POST',
      body,
      headers: {
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
        'X-Amz-Date': '20260101T000000Z',
        ...options.headers,
      },
    },
  );
}

const keyOf = (role: string) =>
  fixture.cloud.credentialsFor(`arn:aws:iam::000000000000:role/${role}`).accessKeyId;

describe('Invoke', () => {
  test.each([
    ['echo', '', '$LATEST'],
    [functionArn('echo'), '', '$LATEST'],
    ['echo:live', '', '1'],
    ['echo', '?Qualifier=live', '1'],
  ])('of %s%s answers the result and the executed version', async (name, query, version) => {
    const response = await invoke(name, '{"a":1}', { query });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-executed-version')).toBe(version);
    expect(response.headers.get('x-amz-function-error')).toBeNull();
    expect(await response.json()).toEqual({ a: 1 });
  });

  test('answers the error of the function as one', async () => {
    const response = await invoke('echo', '{"fail":true}');

    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await response.json()).toMatchObject({ errorType: 'Error', errorMessage: 'failed' });
  });

  test('as an event is accepted at once and runs later', async () => {
    const response = await invoke('echo', '{"word":"barley"}', {
      headers: { 'X-Amz-Invocation-Type': 'Event' },
    });

    expect(response.status).toBe(202);
    await vi.waitFor(async () => expect(await fixture.logOf('/aws/lambda/echo')).toContain('got barley'));
  });

  test('as a dry run runs nothing', async () => {
    const response = await invoke('echo', '{"word":"nothing"}', {
      headers: { 'X-Amz-Invocation-Type': 'DryRun' },
    });

    expect(response.status).toBe(204);
    expect(await fixture.logOf('/aws/lambda/echo')).not.toContain('got nothing');
  });

  test.each([
    ['absent', '{}', 404, 'ResourceNotFoundException'],
    ['echo', '{', 400, 'InvalidRequestContentException'],
    ['reserved', '{}', 429, 'TooManyRequestsException'],
    ['echo', JSON.stringify('x'.repeat(6_291_456)), 413, 'RequestTooLargeException'],
  ])('of %s is refused as Lambda refuses it', async (name, body, status, code) => {
    const response = await invoke(name, body);

    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-errortype')).toBe(code);
  });

  test("follows the caller's policies", async () => {
    const refused = await invoke('echo', '{}', { accessKeyId: keyOf('stranger') });
    const allowed = await invoke('echo', '{"a":1}', { accessKeyId: keyOf('allowed') });

    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(await refused.text()).toContain('is not authorized to perform: lambda:InvokeFunction');
    expect(allowed.status).toBe(200);
  });
});
