import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../../contract/api/routes.ts';
import { DEV } from '../support/environments.ts';
import { computedModel, deploymentOf, JWT } from '../support/models.ts';
import {
  actionsOf,
  flat,
  functionNamed,
  only,
  resourcesOf,
  roleOf,
  statementsOf,
} from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

interface Method {
  readonly HttpMethod: string;
  readonly ResourceId: { readonly Ref: string };
  readonly ApiKeyRequired: boolean;
  readonly RequestModels?: Record<string, unknown>;
  readonly RequestValidatorId?: unknown;
  readonly RequestParameters?: Record<string, boolean>;
  readonly Integration: {
    readonly Type: string;
    readonly TimeoutInMillis?: number;
    readonly IntegrationResponses?: readonly {
      readonly StatusCode: string;
      readonly ResponseParameters: Record<string, string>;
      readonly ResponseTemplates: Record<string, string>;
    }[];
  };
}

describe('the API of a model', () => {
  let stack: Synthesized;
  let methods: readonly { readonly path: string; readonly method: Method }[];
  beforeAll(async () => {
    stack = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);
    methods = methodsByPath(stack);
  });

  it('has every route of the route table, and no other', () => {
    const served = methods.filter(({ method }) => method.HttpMethod !== 'ANY');

    expect(served.map(({ path, method }) => `${method.HttpMethod} ${path}`).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    expect(served.map(({ method }) => method.Integration.Type)).toEqual(
      Array(ROUTES.length).fill('AWS_PROXY'),
    );
  });

  it('asks every method for a key, the wrong ones too', () => {
    expect(methods.map(({ method }) => method.ApiKeyRequired)).toEqual(Array(methods.length).fill(true));
  });

  it('waits for a function for as long as API Gateway can', () => {
    const timeouts = methods.flatMap(({ method }) => method.Integration.TimeoutInMillis ?? []);

    expect(new Set(timeouts)).toEqual(new Set([29_000]));
  });

  it('declares what bodies are, and leaves it to the functions to check them', () => {
    const declared = methods.filter(({ method }) => Object.keys(method.RequestModels ?? {}).length > 0);

    expect(declared.map(({ path }) => path).sort()).toEqual(['/predictions', '/predictions/{id}/feedback']);
    for (const { method } of declared)
      expect(Object.keys(method.RequestModels ?? {})).toEqual(['application/json']);
    stack.model.hasResourceProperties('AWS::ApiGateway::RequestValidator', {
      ValidateRequestBody: Match.absent(),
      ValidateRequestParameters: true,
    });
  });

  it('requires the parameters of its paths', () => {
    const required = methods.filter(
      ({ path, method }) => path.includes('{id}') && method.HttpMethod !== 'ANY',
    );

    expect(required).toHaveLength(2);
    for (const { method } of required) {
      expect(method.RequestParameters).toEqual({ 'method.request.path.id': true });
      expect(method.RequestValidatorId).toBeDefined();
    }
  });

  it('answers a method that a path does not have with 405 and the methods that it has', () => {
    const wrong = methods.filter(({ method }) => method.HttpMethod === 'ANY');

    const allowed = wrong.map(({ path, method }) => {
      const response = method.Integration.IntegrationResponses?.[0];
      const body = JSON.parse(response?.ResponseTemplates['application/json'] ?? '');
      return {
        path,
        status: response?.StatusCode,
        allow: response?.ResponseParameters['method.response.header.Allow'],
        type: response?.ResponseParameters['method.response.header.Content-Type'],
        code: body.code,
        instance: body.instance,
      };
    });

    const problem = {
      status: '405',
      type: "'application/problem+json'",
      code: 'method-not-allowed',
      instance: 'urn:uuid:$context.requestId',
    };
    expect(allowed).toEqual(
      expect.arrayContaining([
        { path: '/predictions', allow: "'POST'", ...problem },
        { path: '/predictions/{id}', allow: "'GET'", ...problem },
        { path: '/predictions/{id}/feedback', allow: "'POST'", ...problem },
        { path: '/health', allow: "'GET'", ...problem },
      ]),
    );
    expect(wrong.length).toBe(new Set(ROUTES.map(({ path }) => path)).size);
  });

  it('lets one key make as many requests as the deployment says', () => {
    stack.model.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 20, BurstLimit: 40 },
      Quota: Match.absent(),
    });
    expect(resourcesOf(stack.model, 'AWS::ApiGateway::UsagePlanKey')).toHaveLength(1);
  });

  it('has a quota where the deployment has one', async () => {
    const limited = await synthesizeModel(
      computedModel,
      deploymentOf(
        { mode: 'lambda' },
        { access: { kind: 'api-key', requestsPerSecond: 5, burst: 5, requestsPerDay: 1000 } },
      ),
      DEV,
    );

    limited.model.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Quota: { Limit: 1000, Period: 'DAY' },
    });
  });

  it('has the name of the model as its base path, traced, measured and logged', () => {
    const stage = only(stack.model, 'AWS::ApiGateway::Stage').Properties;

    expect(stage.StageName).toBe('doubled-yield');
    expect(stage.TracingEnabled).toBe(true);
    expect(stage.MethodSettings).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        DataTraceEnabled: false,
        MetricsEnabled: true,
        ThrottlingRateLimit: 20,
        ThrottlingBurstLimit: 40,
      },
    ]);
  });

  it('logs ids and figures of a request, nothing of what was sent and no key', () => {
    const { Format } = only(stack.model, 'AWS::ApiGateway::Stage').Properties.AccessLogSetting as {
      readonly Format: string;
    };
    const entry = JSON.parse(Format) as Record<string, string>;

    expect(Object.keys(entry)).toEqual([
      'requestId',
      'traceId',
      'time',
      'method',
      'route',
      'status',
      'latencyMs',
      'integrationLatencyMs',
      'integrationStatus',
      'responseBytes',
      'apiKeyId',
      'errorResponseType',
    ]);
    expect(Object.values(entry).join()).not.toMatch(/apiKey\b|body|input|sourceIp|userAgent/);
  });

  it('does not trace where the environment has tracing off', async () => {
    const untraced = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), {
      ...DEV,
      tracing: false,
    });

    untraced.model.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: false });
    expect(JSON.stringify(untraced.model.toJSON())).not.toContain('xray:');
  });
});

describe('an API for signed requests', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    const access = { kind: 'iam', requestsPerSecond: 20, burst: 40 } as const;
    stack = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }, { access }), DEV);
  });

  it('asks every method for a signature, the wrong ones too, and none for a key', () => {
    const methods = methodsByPath(stack).map(({ method }) => method as unknown as Record<string, unknown>);

    expect(methods.length).toBeGreaterThan(ROUTES.length);
    expect(new Set(methods.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['AWS_IAM']));
    expect(methods.filter(({ ApiKeyRequired }) => ApiKeyRequired === true)).toEqual([]);
  });

  it('has no key and no usage plan, and is throttled all the same', () => {
    for (const type of ['ApiKey', 'UsagePlan', 'UsagePlanKey']) {
      stack.model.resourceCountIs(`AWS::ApiGateway::${type}`, 0);
    }
    stack.model.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 })],
    });
  });

  it("says in an output what a caller's policy has to allow", () => {
    const outputs = stack.model.toJSON().Outputs as Record<string, { readonly Value: unknown }>;

    expect(outputs).not.toHaveProperty('ApiKeyId');
    expect(flat(outputs.ApiInvokeArn?.Value)).toMatch(
      /^arn:\{AWS::Partition\}:execute-api:\{AWS::Region\}:\{AWS::AccountId\}:\{ApiRestApi\w+\}\/doubled-yield\/\*\/\*$/,
    );
  });

  it('has its description say so', () => {
    expect(functionNamed(stack.model, 'describe').Properties).toMatchObject({
      Environment: { Variables: { ACCESS_KIND: 'iam' } },
    });
  });
});

describe('an API that takes tokens', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }, { access: JWT }), DEV);
  });

  it('has every method ask the authorizer, the wrong ones too, and none for a key', () => {
    const authorizer = only(stack.model, 'AWS::ApiGateway::Authorizer');
    const methods = methodsByPath(stack).map(({ method }) => method as unknown as Record<string, unknown>);

    expect(methods.length).toBeGreaterThan(ROUTES.length);
    for (const { AuthorizationType, AuthorizerId, ApiKeyRequired } of methods) {
      expect(AuthorizationType).toBe('CUSTOM');
      expect(AuthorizerId).toEqual({ Ref: authorizer.logicalId });
      expect(ApiKeyRequired ?? false).toBe(false);
    }
    stack.model.resourceCountIs('AWS::ApiGateway::ApiKey', 0);
  });

  it('looks at the form of a token by itself, and believes an answer for a minute', () => {
    expect(only(stack.model, 'AWS::ApiGateway::Authorizer').Properties).toMatchObject({
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      IdentityValidationExpression: '^Bearer [-0-9A-Za-z_.]+$',
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  it('verifies with a function that knows the issuer, and may do nothing but write its log and traces', () => {
    const authorize = functionNamed(stack.model, 'authorize');
    const { Variables } = authorize.Properties.Environment as { readonly Variables: object };

    expect(Variables).toMatchObject({
      TOKEN_ISSUER: 'https://login.example',
      TOKEN_AUDIENCE: 'models',
      JWKS_URL: 'https://login.example/keys',
    });
    expect(actionsOf(statementsOf(stack.model, roleOf(authorize)))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('has no such function where it takes no tokens', async () => {
    const { model } = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);

    expect(() => functionNamed(model, 'authorize')).toThrow('no function authorize');
    model.resourceCountIs('AWS::ApiGateway::Authorizer', 0);
  });
});

function methodsByPath({
  model,
}: Synthesized): readonly { readonly path: string; readonly method: Method }[] {
  const resources = new Map(
    resourcesOf(model, 'AWS::ApiGateway::Resource').map(({ logicalId, Properties }) => [
      logicalId,
      Properties as { readonly PathPart: string; readonly ParentId: { readonly Ref?: string } },
    ]),
  );
  const pathOf = (id: string): string => {
    const resource = resources.get(id);
    return resource === undefined ? '' : `${pathOf(resource.ParentId.Ref ?? '')}/${resource.PathPart}`;
  };
  return resourcesOf(model, 'AWS::ApiGateway::Method').map(({ Properties }) => {
    const method = Properties as unknown as Method;
    return { path: pathOf(method.ResourceId.Ref), method };
  });
}
