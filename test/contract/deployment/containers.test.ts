import { describe, expect, it } from 'vitest';
import { container, modelData, processorOf } from '../../../contract/deployment/containers.ts';
import {
  type DeploymentOptions,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const SERVERLESS = { mode: 'serverless' } as const;

const hostingOf = (hosting: DeploymentOptions['hosting']) =>
  settingsFor(defineDeployment({ hosting, objectives: { latencyP95Ms: 300 } }), 'dev').hosting;

describe('the container of a deployment', () => {
  it("is Furrow's own where nothing is said", () => {
    expect(hostingOf(SERVERLESS)).toMatchObject({ container: { kind: 'serving', codec: 'oip' } });
  });

  it.each([
    [{ kind: 'xgboost', version: '3.2-0' }, { codec: 'csv' }],
    [
      { kind: 'scikit-learn', version: '1.2-1' },
      { codec: 'csv', script: 'inference.py' },
    ],
    [
      { kind: 'pytorch', version: '2.6.0' },
      { codec: 'json', script: 'inference.py', processor: 'cpu' },
    ],
    [
      { kind: 'triton', version: '26.05', modelName: 'yield' },
      { codec: 'oip', processor: 'gpu' },
    ],
    [
      { kind: 'repository', repository: 'research/yield', digest: DIGEST, codec: 'json' },
      { processor: 'cpu' },
    ],
    [{ kind: 'dockerfile', folder: 'images/yield', codec: 'csv' }, { processor: 'cpu' }],
  ] as const)('%j has the defaults %j', (declared, defaults) => {
    expect(hostingOf({ ...SERVERLESS, container: declared })).toMatchObject({
      container: { ...declared, ...defaults },
    });
  });

  it('is nothing that a model inside its function has', () => {
    const hosting = { mode: 'lambda', container: { kind: 'xgboost', version: '3.2-0' } };
    expect(() => hostingOf(hosting as never)).toThrow('hosting: Unrecognized key: "container"');
  });

  it.each([
    [{ kind: 'repository', repository: 'yield', tag: 'latest', codec: 'csv' }, 'moves with every push'],
    [{ kind: 'repository', repository: 'yield', codec: 'csv' }, 'needs one of digest and tag'],
    [
      { kind: 'repository', repository: 'yield', tag: 'v1', digest: DIGEST, codec: 'csv' },
      'needs one of digest',
    ],
    [{ kind: 'repository', repository: 'yield', digest: 'sha256:12', codec: 'csv' }, 'is not a digest'],
    [
      { kind: 'repository', repository: 'Yield', tag: 'v1', codec: 'csv' },
      'is not the name of an ECR repository',
    ],
    [
      { kind: 'repository', repository: 'yield', account: '12', tag: 'v1', codec: 'csv' },
      'is not an account',
    ],
    [{ kind: 'repository', repository: 'yield', tag: 'v1' }, 'codec'],
    [{ kind: 'dockerfile', folder: '../elsewhere', codec: 'csv' }, 'is not a path below the root'],
    [{ kind: 'dockerfile', folder: '/elsewhere', codec: 'csv' }, 'is not a path below the root'],
    [{ kind: 'dockerfile', folder: 'a/../../b', codec: 'csv' }, 'is not a path below the root'],
    [{ kind: 'xgboost', version: '3.2-0', codec: 'oip' }, 'codec'],
    [{ kind: 'xgboost', version: '3.2-0', script: 'code/inference.py' }, 'is not the name of a Python file'],
    [{ kind: 'triton', version: '26.05' }, 'modelName'],
    [{ kind: 'serving', codec: 'csv' }, 'codec'],
    [{ kind: 'tensorflow', version: '2.19' }, 'kind'],
    [
      { kind: 'dockerfile', folder: 'a', codec: 'csv', environment: { DB_PASSWORD: 'x' } },
      'sounds like a secret, and whoever reads the template would read it',
    ],
    [
      { kind: 'dockerfile', folder: 'a', codec: 'csv', environment: { 'A-B': 'x' } },
      'is not the name of a variable',
    ],
  ])('%j is none', (declared, message) => {
    expect(() => hostingOf({ ...SERVERLESS, container: declared } as never)).toThrow(message);
  });

  it.each(['TOKENIZERS_PARALLELISM', 'MAX_TOKENS', 'OMP_NUM_THREADS', 'MONKEY'])('may be told %s', (name) => {
    const declared = { kind: 'dockerfile', folder: 'a', codec: 'csv', environment: { [name]: '1' } };
    expect(container.parse(declared)).toMatchObject({ environment: { [name]: '1' } });
  });

  it('computes on CPUs where it comes for nothing else', () => {
    expect(processorOf(container.parse({ kind: 'xgboost', version: '3.2-0' }))).toBe('cpu');
    expect(processorOf(container.parse({ kind: 'triton', version: '26.05', modelName: 'm' }))).toBe('gpu');
  });
});

describe('model data in S3', () => {
  const sha256 = '0123456789abcdef'.repeat(4);

  it('is an archive and what it hashes to', () => {
    const data = { s3Uri: `s3://research-models/yield/${sha256}/model.tar.gz`, sha256 };
    expect(modelData.parse(data)).toEqual(data);
  });

  it.each([
    [{ s3Uri: 's3://research-models/model.onnx', sha256 }],
    [{ s3Uri: 'https://research-models/model.tar.gz', sha256 }],
    [{ s3Uri: 's3://research-models/model.tar.gz', sha256: sha256.toUpperCase() }],
    [{ s3Uri: 's3://research-models/model.tar.gz' }],
  ])('%j is none', (data) => {
    expect(modelData.safeParse(data).success).toBe(false);
  });
});

describe('the time that a container on instances gets to start', () => {
  const REALTIME = {
    mode: 'realtime',
    instanceType: 'ml.g5.xlarge',
    instances: { min: 1, max: 1 },
    requestsPerSecondPerInstance: 5,
  } as const;

  it('is five minutes where nothing is said, and up to an hour', () => {
    expect(hostingOf(REALTIME)).toMatchObject({ startupTimeoutSeconds: 300 });
    expect(hostingOf({ ...REALTIME, startupTimeoutSeconds: 3600 })).toMatchObject({
      startupTimeoutSeconds: 3600,
    });
  });

  it.each([59, 3601])('is not %d seconds, which SageMaker does not take', (startupTimeoutSeconds) => {
    expect(() => hostingOf({ ...REALTIME, startupTimeoutSeconds })).toThrow('hosting.startupTimeoutSeconds');
  });
});
