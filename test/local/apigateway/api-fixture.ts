import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiKey,
  JsonSchemaType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  MockIntegration,
  Period,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { apiGatewayPlugin } from '../../../local/apigateway/plugin.ts';
import type { Clock } from '../../../local/clock/clock.ts';
import { lambdaPlugin } from '../../../local/lambda/plugin.ts';
import { type Fixture, inlineFunction, startFixture } from '../lambda/fixture.ts';

export const PLUGINS = [lambdaPlugin, apiGatewayPlugin];

/** A clock whose time a test sets; timers run in real time. */
export class SettableClock implements Clock {
  time = Date.UTC(2026, 4, 4, 12);

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }
}

export interface ApiFixture extends Fixture {
  readonly url: string;
  readonly key: string;
  readonly clock: SettableClock;
  /** Sends a request with the API key. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

/** An API with one of everything that the local API Gateway emulates. */
export async function startApi(): Promise<ApiFixture> {
  const clock = new SettableClock();
  const fixture = await startFixture(buildApi, { plugins: PLUGINS, clock });
  const apigateway = fixture.services.apigateway;
  if (apigateway === undefined) throw new Error('the fixture needs the apigateway plugin');
  const [key] = fixture.cloud.resources('AWS::ApiGateway::ApiKey');
  const value = apigateway.keyValue(key?.ref ?? '') ?? '';
  const url = `${apigateway.url}/wheat`;
  return {
    ...fixture,
    url,
    key: value,
    clock,
    call: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { 'x-api-key': value, ...init.headers } }),
  };
}

function buildApi(stack: Stack): void {
  const api = new RestApi(stack, 'Api', {
    restApiName: 'wheat-api',
    binaryMediaTypes: ['image/*'],
    deployOptions: {
      stageName: 'wheat',
      tracingEnabled: true,
      loggingLevel: MethodLoggingLevel.OFF,
      variables: { season: 'summer' },
      accessLogDestination: new LogGroupLogDestination(
        new LogGroup(stack, 'Access', { logGroupName: '/api/wheat' }),
      ),
      accessLogFormat: AccessLogFormat.custom(
        '{"id":"$context.requestId","status":$context.status,"path":"$context.path","key":"$context.identity.apiKeyId","integration":"$context.integration.status"}',
      ),
      methodOptions: { '/throttled/GET': { throttlingRateLimit: 1, throttlingBurstLimit: 2 } },
    },
    defaultMethodOptions: { apiKeyRequired: true },
  });
  const integrate = (name: string, body: string, options = {}) =>
    new LambdaIntegration(inlineFunction(stack, name, body), options);
  const echo = integrate('api-echo', 'return { statusCode: 200, body: JSON.stringify(event) }');

  api.root.addResource('echo').addMethod('ANY', echo);
  const items = api.root.addResource('items');
  items.addMethod('GET', echo);
  const item = items.addResource('{id}');
  const getItem = item.addMethod('GET', echo);
  items
    .addResource('special')
    .addMethod('GET', integrate('api-special', 'return { statusCode: 200, body: "special" }'));
  api.root.addResource('files').addResource('{path+}').addMethod('GET', echo);
  api.root.addResource('open').addMethod('GET', echo, { apiKeyRequired: false });
  api.root.addResource('throttled').addMethod('GET', echo, { apiKeyRequired: false });

  const model = api.addModel('Input', {
    contentType: 'application/json',
    schema: {
      type: JsonSchemaType.OBJECT,
      required: ['input'],
      additionalProperties: false,
      properties: {
        input: {
          type: JsonSchemaType.OBJECT,
          properties: { area: { type: JsonSchemaType.NUMBER, minimum: 0 } },
        },
      },
    },
  });
  const requestValidator = api.addRequestValidator('Validator', {
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  const validated = api.root.addResource('validated');
  validated.addMethod('POST', echo, { requestModels: { 'application/json': model }, requestValidator });
  validated.addMethod('GET', echo, {
    requestParameters: { 'method.request.querystring.unit': true },
    requestValidator,
  });

  const faults = api.root.addResource('faults');
  const fault = (name: string, body: string, options = {}) =>
    faults.addResource(name).addMethod('GET', integrate(`api-${name}`, body, options));
  fault('malformed', 'return { statusCode: 200, body: { not: "a string" } }');
  fault('throwing', 'throw new Error("secret detail")');
  fault('late', 'await new Promise((r) => setTimeout(r, 4000)); return { statusCode: 200 }', {
    timeout: Duration.millis(200),
  });
  fault(
    'status',
    'return { statusCode: 418, headers: { "X-Unit": "kg/ha", Date: "never" }, multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] }, body: "tea" }',
  );
  const busy = inlineFunction(stack, 'api-busy', 'return { statusCode: 200 }', {
    reservedConcurrentExecutions: 0,
  });
  faults.addResource('busy').addMethod('GET', new LambdaIntegration(busy));
  const forbidden = inlineFunction(stack, 'api-forbidden', 'return { statusCode: 200 }');
  // An imported function gets no permission for the API.
  const imported = LambdaFunction.fromFunctionArn(stack, 'Imported', forbidden.functionArn);
  faults.addResource('forbidden').addMethod('GET', new LambdaIntegration(imported));

  const mock = (template: string) =>
    new MockIntegration({
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      integrationResponses: [
        {
          statusCode: '202',
          responseParameters: { 'method.response.header.X-Stage': "'wheat'" },
          responseTemplates: { 'application/json': template },
        },
      ],
    });
  const mockOptions = {
    apiKeyRequired: false,
    methodResponses: [{ statusCode: '202', responseParameters: { 'method.response.header.X-Stage': true } }],
  };
  api.root
    .addResource('mock')
    .addMethod('GET', mock('{"id":"$context.requestId","stage":"$context.stage"}'), mockOptions);
  api.root.addResource('velocity').addMethod('GET', mock('#set($x = 1) $x'), mockOptions);

  const headers = { 'Content-Type': "'application/problem+json'", 'X-Kind': "'gateway'" };
  api.addGatewayResponse('BadBody', {
    type: ResponseType.BAD_REQUEST_BODY,
    statusCode: '422',
    responseHeaders: headers,
    templates: {
      'application/json':
        '{"detail":$context.error.messageString,"errors":"$context.error.validationErrorString","instance":"$context.path"}',
    },
  });
  api.addGatewayResponse('Default5xx', {
    type: ResponseType.DEFAULT_5XX,
    responseHeaders: headers,
    templates: { 'application/json': '{"code":"$context.error.responseType","id":"$context.requestId"}' },
  });

  const key = new ApiKey(stack, 'Key');
  const plan = api.addUsagePlan('Plan', {
    throttle: { rateLimit: 1000, burstLimit: 1000 },
    quota: { limit: 100_000, period: Period.DAY },
  });
  plan.addApiStage({
    stage: api.deploymentStage,
    throttle: [{ method: getItem, throttle: { rateLimit: 1, burstLimit: 1 } }],
  });
  plan.addApiKey(key);
  new ApiKey(stack, 'Stray', { value: 'a-key-that-belongs-to-no-usage-plan' });
  new CfnOutput(stack, 'ApiKeyId', { value: key.keyId });
}
