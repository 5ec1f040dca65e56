import { describe, expect, it } from 'vitest';
import { container } from '../../../contract/deployment/containers.ts';
import { containerEnvironment } from '../../../lib/containers/container-environment.ts';

const environmentOf = (declared: unknown) => containerEnvironment(container.parse(declared));

describe("a container's environment", () => {
  it.each([
    { kind: 'serving' },
    { kind: 'xgboost', version: '3.2-0' },
    { kind: 'dockerfile', folder: 'images/yield', codec: 'csv' },
  ])('is empty where nothing has to be said: $kind', (declared) => {
    expect(environmentOf(declared)).toEqual({});
  });

  it.each([
    [{ kind: 'scikit-learn', version: '1.2-1' }, 'inference.py'],
    [{ kind: 'pytorch', version: '2.6.0', script: 'serve.py' }, 'serve.py'],
    [{ kind: 'xgboost', version: '3.2-0', script: 'score.py' }, 'score.py'],
  ])('names the script of %j', (declared, script) => {
    expect(environmentOf(declared)).toEqual({
      SAGEMAKER_PROGRAM: script,
      SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
    });
  });

  it('names the model that Triton serves, and what the deployment says besides', () => {
    const environment = { SAGEMAKER_TRITON_LOG_VERBOSE: '1' };
    expect(environmentOf({ kind: 'triton', version: '26.05', modelName: 'yield', environment })).toEqual({
      SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: 'yield',
      ...environment,
    });
  });

  it("lets the deployment's word prevail", () => {
    const environment = { SAGEMAKER_PROGRAM: 'other.py' };
    expect(environmentOf({ kind: 'scikit-learn', version: '1.2-1', environment }).SAGEMAKER_PROGRAM).toBe(
      'other.py',
    );
  });
});
