import { JOB_DIGEST_LENGTH } from '../../contract/deployment/batch.ts';
import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { takesImages } from '../../contract/fields/image.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { hasArtifact, type Model } from '../../contract/model/model.ts';
import { isArm, isBurstable } from '../hosting/instance-families.ts';
import { batchName } from '../names.ts';
import { acceleratorProblems } from './processor-problems.ts';

/** What keeps a model from having batches as declared: each with what was declared and what to do. */
export function batchProblems(
  { model, settings: { batch, hosting } }: { readonly model: Model; readonly settings: DeploymentSettings },
  environment: string,
): string[] {
  if (batch === undefined) return [];
  if (!hasArtifact(model)) {
    return [
      'batch runs an artifact in a transform job, and the model is pure mathematics. Leave batch out: its predict function can be called wherever the files are.',
    ];
  }
  const { instanceType } = batch;
  const problems: string[] = [];
  if (takesImages(model)) {
    problems.push(
      "batch takes inputs as lines of text, and the model takes images. Leave batch out: { mode: 'asynchronous', … } works off many images.",
    );
  }
  if (isArm(instanceType)) {
    problems.push(
      `batch.instanceType is ${instanceType}, whose processor is Graviton, and the model server's image is built for x86-64. Use a type such as ml.c6i.large or ml.m5.large.`,
    );
  }
  if (isBurstable(instanceType)) {
    problems.push(
      `batch.instanceType is ${instanceType}, and SageMaker has no burstable instances for transform jobs. Use a type such as ml.m5.large.`,
    );
  }
  const container = 'container' in hosting ? hosting.container : undefined;
  problems.push(...acceleratorProblems({ place: 'batch.instanceType', instanceType, container }));
  const name = batchName(environment, model.name);
  // A hyphen and a digest follow. The state machine, which takes more, has the name alone.
  const longest = AWS_LIMITS.transformJobName.value - JOB_DIGEST_LENGTH - 1;
  if (name.length > longest) {
    problems.push(
      `its transform jobs would be named ${name}-…, which leaves no room for an execution: ${name.length} characters of at most ${longest}. Use a shorter name for the model or the environment, or leave batch out.`,
    );
  }
  return problems;
}
