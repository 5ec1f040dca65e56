import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../serving/settings/config.ts';

describe('the configuration', () => {
  it("is SageMaker's where the environment says nothing", () => {
    expect(readConfig({})).toMatchObject({
      port: 8080,
      address: '0.0.0.0',
      modelDir: '/opt/ml/model',
      maxBodyBytes: 6_291_456,
      gracePeriodMs: 25_000,
    });
  });

  it('follows the environment', () => {
    const env = {
      SAGEMAKER_BIND_TO_PORT: '0',
      MODEL_DIR: '/m',
      MAX_BODY_BYTES: '26214400',
      INTRA_OP_THREADS: '2',
    };
    expect(readConfig(env)).toMatchObject({
      port: 0,
      modelDir: '/m',
      maxBodyBytes: 26_214_400,
      intraOpThreads: 2,
    });
  });

  it('is refused with every variable that is not usable', () => {
    const env = { MAX_BODY_BYTES: '26214401', MAX_BATCH_ROWS: 'many', LOG_LEVEL: 'loud' };
    expect(() => readConfig(env)).toThrow(/MAX_BODY_BYTES: .*MAX_BATCH_ROWS: .*LOG_LEVEL: /s);
  });
});
