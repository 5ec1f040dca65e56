import { describe, expect, test } from 'vitest';
import { readFunction } from '../../../local/lambda/functions.ts';
import type { LocalResource } from '../../../local/template/resource-types.ts';

function resource(properties: object): LocalResource {
  return {
    stack: 'S',
    logicalId: 'F',
    path: 'S/F/Resource',
    type: 'AWS::Lambda::Function',
    properties: {
      Code: { S3Key: 'hash.zip' },
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'role',
      ...properties,
    },
    metadata: {},
    ref: 'predict',
    attributes: { Arn: 'arn' },
  };
}

const read = (properties: object = {}) => readFunction(resource(properties), 'us-east-1');

describe('readFunction', () => {
  test("fills in CloudFormation's defaults", () => {
    expect(read()).toMatchObject({
      name: 'predict',
      arn: 'arn',
      timeoutSeconds: 3,
      memoryMb: 128,
      variables: {},
      logGroup: '/aws/lambda/predict',
      logFormat: 'Text',
      reservedConcurrency: undefined,
      code: { kind: 'asset', key: 'hash.zip' },
    });
  });

  test('reads what the template gives, numbers as text included', () => {
    const config = read({
      Timeout: '25',
      MemorySize: 1024,
      ReservedConcurrentExecutions: 0,
      Environment: { Variables: { LIMIT: 5, ON: true } },
      LoggingConfig: { LogGroup: 'mine', LogFormat: 'JSON' },
    });

    expect(config).toMatchObject({
      timeoutSeconds: 25,
      memoryMb: 1024,
      reservedConcurrency: 0,
      variables: { LIMIT: '5', ON: 'true' },
      logGroup: 'mine',
      logFormat: 'JSON',
    });
  });

  test('a handler that a layer wraps runs without it', () => {
    const wrapped = {
      Handler: '/opt/nodejs/wrapper.handler',
      Environment: { Variables: { DD_LAMBDA_HANDLER: 'index.handler' } },
    };

    expect(read(wrapped).handler).toBe('index.handler');
  });

  test.each([
    [{ Runtime: 'python3.12' }, 'the runtime python3.12 does not run here, only Node.js does'],
    [
      { PackageType: 'Image', Code: { ImageUri: 'x' } },
      'functions that are container images do not run here',
    ],
    [{ Code: {} }, 'its code is neither inline nor a staged asset'],
  ])('%j is not emulated', (properties, reason) => {
    expect(read(properties).code).toEqual({ kind: 'not-emulated', reason });
  });

  test('refuses variables that Lambda reserves, and too many of them', () => {
    expect(() => read({ Environment: { Variables: { AWS_REGION: 'x', _HANDLER: 'y' } } })).toThrow(
      'S/F/Resource: Lambda reserves the environment variables _HANDLER, AWS_REGION: give them other names',
    );
    expect(() => read({ Environment: { Variables: { A: 'x'.repeat(4096) } } })).toThrow(
      'S/F/Resource: its environment variables take 4097 bytes; Lambda allows 4096',
    );
  });
});
