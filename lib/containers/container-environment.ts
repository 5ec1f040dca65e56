import type { Container } from '../../contract/deployment/containers.ts';

/** Where SageMaker unpacks the archive (developer guide, "How SageMaker AI loads your model artifacts"). */
const MODEL_FOLDER = '/opt/ml/model';

/**
 * What the program in the container finds in its environment. AWS's framework images find their script by two variables
 * (SageMaker Inference Toolkit, environment.py), Triton the model that it serves by one (developer guide, "Deploy models
 * with Triton Inference Server"). What the deployment declares comes last, and wins.
 */
export function containerEnvironment(container: Container): Readonly<Record<string, string>> {
  if (container.kind === 'serving') return {};
  return { ...imageVariables(container), ...container.environment };
}

function imageVariables(container: Container): Readonly<Record<string, string>> {
  if (container.kind === 'triton') return { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: container.modelName };
  if (!('script' in container) || container.script === undefined) return {};
  return { SAGEMAKER_PROGRAM: container.script, SAGEMAKER_SUBMIT_DIRECTORY: `${MODEL_FOLDER}/code` };
}
