import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadApiKeys } from '../../../local/apigateway/api-keys.ts';
import { type MethodSetting, methodSetting, type Stage } from '../../../local/apigateway/definition.ts';
import { discover } from '../../../local/apigateway/discover.ts';
import type { LocalResource } from '../../../local/template/resource-types.ts';

function resource(
  type: string,
  ref: string,
  properties: object,
  attributes: Record<string, string> = {},
): LocalResource {
  const service = `AWS::ApiGateway::${type}`;
  return {
    stack: 'S',
    logicalId: ref,
    path: `S/${ref}`,
    type: service,
    properties: { ...properties },
    metadata: {},
    ref,
    attributes,
  };
}

const source = (...resources: LocalResource[]) => ({
  region: 'us-east-1',
  accountId: '000000000000',
  resources: (type: string) => resources.filter((one) => one.type === type),
});

const api = (id: string, more: object = {}) =>
  resource('RestApi', id, { Name: `${id}-name`, ...more }, { RootResourceId: `${id}-root` });
const stage = (apiId: string, name: string, more: object = {}) =>
  resource('Stage', `${apiId}-${name}`, { RestApiId: apiId, StageName: name, ...more });

describe('discover', () => {
  test('builds the resource tree, whatever the order of the template', () => {
    const { stages } = discover(
      source(
        resource('Resource', 'child', { RestApiId: 'a', ParentId: 'parent', PathPart: '{id}' }),
        resource('Resource', 'parent', { RestApiId: 'a', ParentId: 'a-root', PathPart: 'predictions' }),
        resource('Resource', 'other', { RestApiId: 'b', ParentId: 'a-root', PathPart: 'elsewhere' }),
        api('a'),
        stage('a', 'dev'),
      ),
    );
    const root = stages.get('dev')?.api.routes;

    expect([...(root?.literals.keys() ?? [])]).toEqual(['predictions']);
    expect(root?.literals.get('predictions')?.parameter).toMatchObject({
      name: 'id',
      node: { path: '/predictions/{id}' },
    });
  });

  test('refuses two stages of one name, naming both', () => {
    const twice = source(api('a'), api('b'), stage('a', 'dev'), stage('b', 'dev'));

    expect(() => discover(twice)).toThrow(/^S\/b-dev: the stage name dev is also that of the API a-name: /);
  });

  test('names what is not emulated', () => {
    const { notEmulated } = discover(
      source(
        api('a', { Body: {} }),
        resource('Method', 'm', {
          RestApiId: 'a',
          ResourceId: 'a-root',
          HttpMethod: 'GET',
          AuthorizationType: 'CUSTOM',
          Integration: { Type: 'AWS_PROXY' },
        }),
        resource('GatewayResponse', 'g', {
          RestApiId: 'a',
          ResponseType: 'THROTTLED',
          ResponseParameters: { 'gatewayresponse.header.A': 'method.request.header.B' },
        }),
      ),
    );

    expect(notEmulated.map((one) => one.reason).toSorted()).toEqual([
      'APIs defined by an OpenAPI body are not emulated',
      'authorization of type CUSTOM is not emulated',
      'its parameter gatewayresponse.header.A = method.request.header.B is left out',
    ]);
  });

  test('names the resource whose properties are not as expected', () => {
    expect(() => discover(source(api('a'), stage('absent', 'dev')))).toThrow(
      'S/absent-dev: RestApiId absent is no API',
    );
    const method = resource('Method', 'm', { RestApiId: 'a', ResourceId: 'a-root' });
    expect(() => discover(source(api('a'), method))).toThrow(/^S\/m: .*HttpMethod/s);
  });

  test("reads a stage's settings", () => {
    const { stages } = discover(
      source(
        api('a'),
        stage('a', 'dev', {
          TracingEnabled: 'true',
          AccessLogSetting: {
            DestinationArn: 'arn:aws:logs:us-east-1:0:log-group:/api/a:*',
            Format: '$context.requestId',
          },
          MethodSettings: [
            {
              ResourcePath: '/~1predictions~1{id}',
              HttpMethod: 'GET',
              ThrottlingRateLimit: 5,
              ThrottlingBurstLimit: 2,
            },
          ],
        }),
      ),
    );

    expect(stages.get('dev')).toMatchObject({
      tracing: true,
      accessLog: { logGroup: '/api/a', format: '$context.requestId' },
      settings: [
        { resourcePath: '/predictions/{id}', httpMethod: 'GET', throttle: { rateLimit: 5, burstLimit: 2 } },
      ],
    });
  });
});

test('the most specific setting that says anything applies', () => {
  const throttle = (rateLimit: number) => ({ rateLimit, burstLimit: 1 });
  const settings: MethodSetting[] = [
    { resourcePath: '/a', httpMethod: 'GET', throttle: undefined, metrics: true },
    { resourcePath: '/a', httpMethod: '*', throttle: throttle(2), metrics: undefined },
    { resourcePath: '/*', httpMethod: '*', throttle: throttle(1), metrics: false },
  ];
  const of = (resourcePath: string, httpMethod: string) => ({ resourcePath, httpMethod });
  const dev = { settings } as unknown as Stage;

  expect(methodSetting(dev, of('/a', 'GET'), 'throttle')).toEqual(throttle(2));
  expect(methodSetting(dev, of('/a', 'GET'), 'metrics')).toBe(true);
  expect(methodSetting(dev, of('/b', 'GET'), 'throttle')).toEqual(throttle(1));
  expect(methodSetting(dev, of('/b', 'GET'), 'metrics')).toBe(false);
});

describe('loadApiKeys', () => {
  const newDir = () => mkdtempSync(join(tmpdir(), 'furrow-test-keys-'));
  const keys = [
    resource('ApiKey', 'made', { Enabled: true }),
    resource('ApiKey', 'given', { Enabled: true, Value: 'v'.repeat(20) }),
  ];

  test('makes a value once and keeps it, for its owner only', () => {
    const dataDir = newDir();
    const [made, given] = loadApiKeys(keys, dataDir);

    expect(made).toEqual({ id: 'made', value: expect.stringMatching(/^[A-Za-z0-9]{40}$/), enabled: true });
    expect(given?.value).toBe('v'.repeat(20));
    expect(loadApiKeys(keys, dataDir)).toEqual([made, given]);
    expect(loadApiKeys(keys, newDir())[0]?.value).not.toBe(made?.value);
    const file = join(dataDir, 'apigateway', 'api-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'S/made': made?.value });
  });

  test('a key is off unless the template switches it on', () => {
    expect(loadApiKeys([resource('ApiKey', 'off', {})], newDir())[0]?.enabled).toBe(false);
  });

  test('says what to do about a file that is damaged', () => {
    const dataDir = newDir();
    loadApiKeys(keys, dataDir);
    const file = join(dataDir, 'apigateway', 'api-keys.json');
    writeFileSync(file, '{');

    expect(() => loadApiKeys(keys, dataDir)).toThrow(
      `${file} does not hold API keys: delete it to have new ones made`,
    );
  });
});
