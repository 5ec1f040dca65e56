import type { EndpointHosting } from '../../contract/deployment/deployment.ts';

export interface CheckedArtifact {
  readonly model: string;
  /** A file or a folder in the model's `artifacts/`. */
  readonly artifact: string;
  readonly hosting: EndpointHosting;
  /** Of a folder; absent for a file. */
  readonly files?: readonly string[] | undefined;
}

/** What the image would miss in the archive that is made of an artifact, or trip over. */
export function artifactLayoutProblems({ model, artifact, hosting, files }: CheckedArtifact): string[] {
  const { container } = hosting;
  const place = `models/${model}/artifacts/${artifact}`;
  const problems: string[] = [];
  if ('script' in container && container.script !== undefined) {
    if (files?.includes(`code/${container.script}`) !== true) {
      problems.push(
        `${place} has no code/${container.script}, which the ${container.kind} image loads. Make the artifact a folder with it, or name the script that is there in hosting.container.script.`,
      );
    }
    if (isIsolated(hosting) && files?.includes('code/requirements.txt') === true) {
      problems.push(
        `${place}/code/requirements.txt asks the image to install packages when it starts, and its container has no network. Build them into an image with { kind: 'dockerfile', … }, and remove the file.`,
      );
    }
  }
  if (container.kind === 'triton' && files?.some((file) => isVersionOf(container.modelName, file)) !== true) {
    problems.push(
      `${place} has no version of a model "${container.modelName}", such as ${container.modelName}/1/model.onnx. Make the artifact a folder that is Triton's model repository, or correct hosting.container.modelName.`,
    );
  }
  return problems;
}

/** Serverless endpoints alone take no network isolation. */
function isIsolated({ mode }: EndpointHosting): boolean {
  return mode !== 'serverless';
}

/** Triton finds a model's versions in folders that are numbers. */
function isVersionOf(modelName: string, file: string): boolean {
  const [model, version = '', ...rest] = file.split('/');
  return model === modelName && /^[1-9][0-9]*$/.test(version) && rest.length > 0;
}
