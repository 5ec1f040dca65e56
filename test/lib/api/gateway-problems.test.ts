import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEV } from '../support/environments.ts';
import { computedModel, deploymentOf, JWT } from '../support/models.ts';
import { resourcesOf } from '../support/resources.ts';
import { synthesizeModel } from '../support/stack.ts';

interface GatewayResponse {
  readonly ResponseType: string;
  readonly StatusCode: string;
  readonly ResponseParameters: Record<string, string>;
  readonly ResponseTemplates: Record<string, string>;
}

describe("API Gateway's own answers", () => {
  const answers = new Map<string, GatewayResponse>();
  const bodyOf = (type: string) => {
    const template = answers.get(type)?.ResponseTemplates['application/json'] ?? '';
    return JSON.parse(template.replaceAll('$context.requestId', '7d1b3a52-0000-4000-8000-000000000000'));
  };
  beforeAll(async () => {
    const { model } = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);
    for (const { Properties } of resourcesOf(model, 'AWS::ApiGateway::GatewayResponse')) {
      const answer = Properties as unknown as GatewayResponse;
      answers.set(answer.ResponseType, answer);
    }
  });

  it.each([
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'route-not-found'],
    ['RESOURCE_NOT_FOUND', 404, 'route-not-found'],
    ['INVALID_API_KEY', 403, 'api-key-invalid'],
    ['THROTTLED', 429, 'rate-limit-exceeded'],
    ['QUOTA_EXCEEDED', 429, 'quota-exceeded'],
    ['REQUEST_TOO_LARGE', 413, 'payload-too-large'],
    ['BAD_REQUEST_BODY', 400, 'invalid-request'],
    ['BAD_REQUEST_PARAMETERS', 400, 'bad-request'],
    ['WAF_FILTERED', 403, 'request-blocked'],
    ['INTEGRATION_TIMEOUT', 504, 'gateway-timeout'],
    ['INTEGRATION_FAILURE', 500, 'internal-error'],
    ['DEFAULT_4XX', 400, 'bad-request'],
    ['DEFAULT_5XX', 500, 'internal-error'],
  ])('%s is the problem document %i %s', (type, status, code) => {
    const body = bodyOf(type);

    expect(answers.get(type)?.StatusCode).toBe(String(status));
    expect(body).toEqual({
      type: `urn:furrow:problem:${code}`,
      title: expect.any(String),
      status,
      code,
      detail: expect.stringMatching(/\w.*\.$/),
      instance: 'urn:uuid:7d1b3a52-0000-4000-8000-000000000000',
      errors: [],
    });
  });

  it.each([
    ['MISSING_AUTHENTICATION_TOKEN', 401, 'unauthorized'],
    ['UNAUTHORIZED', 401, 'unauthorized'],
    ['INVALID_SIGNATURE', 401, 'unauthorized'],
    ['EXPIRED_TOKEN', 401, 'unauthorized'],
    ['ACCESS_DENIED', 403, 'access-denied'],
  ])('%s is %i %s where requests are signed, and tells nobody to send a key', async (type, status, code) => {
    const access = { kind: 'iam', requestsPerSecond: 1, burst: 1 } as const;
    const signed = deploymentOf({ mode: 'lambda' }, { access });
    const { model } = await synthesizeModel(computedModel, signed, DEV);
    const all = resourcesOf(model, 'AWS::ApiGateway::GatewayResponse').map(
      ({ Properties }) => Properties as unknown as GatewayResponse,
    );
    const answer = all.find(({ ResponseType: one }) => one === type);

    expect(all).toHaveLength(answers.size);
    expect(answer?.StatusCode).toBe(String(status));
    expect(JSON.parse(answer?.ResponseTemplates['application/json'] ?? '{}')).toMatchObject({ status, code });
    expect(JSON.stringify(answer)).not.toContain('x-api-key');
  });

  it.each(['UNAUTHORIZED', 'ACCESS_DENIED', 'EXPIRED_TOKEN', 'INVALID_SIGNATURE'])(
    '%s is 401 unauthorized where tokens are taken, and says how to send one',
    async (type) => {
      const { model } = await synthesizeModel(
        computedModel,
        deploymentOf({ mode: 'lambda' }, { access: JWT }),
        DEV,
      );
      const answer = resourcesOf(model, 'AWS::ApiGateway::GatewayResponse')
        .map(({ Properties }) => Properties as unknown as GatewayResponse)
        .find(({ ResponseType: one }) => one === type);

      expect(answer?.StatusCode).toBe('401');
      expect(JSON.parse(answer?.ResponseTemplates['application/json'] ?? '{}')).toMatchObject({
        code: 'unauthorized',
        detail: expect.stringContaining('Authorization: Bearer <token>'),
      });
    },
  );

  it('all say that they are problem documents', () => {
    expect(
      [...answers.values()].map(
        ({ ResponseParameters }) => ResponseParameters['gatewayresponse.header.Content-Type'],
      ),
    ).toEqual(Array(answers.size).fill("'application/problem+json'"));
  });

  it('cover every type that API Gateway has', () => {
    const types = Object.values(ResponseType)
      .filter((type): type is ResponseType => type instanceof ResponseType)
      .map(({ responseType }) => responseType);

    expect([...answers.keys()].sort()).toEqual(types.sort());
  });

  it('tell a throttled client when to come back, and nobody else', () => {
    const waits = [...answers.values()].flatMap(({ ResponseType: type, ResponseParameters }) => {
      const wait = ResponseParameters['gatewayresponse.header.Retry-After'];
      return wait === undefined ? [] : [[type, wait]];
    });

    expect(waits).toEqual([['THROTTLED', "'1'"]]);
  });

  it('put nothing of the request into the document but its id, so that it is valid JSON whatever was sent', () => {
    for (const { ResponseTemplates } of answers.values()) {
      const variables = ResponseTemplates['application/json']?.match(/\$[\w.]+/g);
      expect(variables).toEqual(['$context.requestId']);
    }
  });
});
