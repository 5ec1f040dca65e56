import type { Container, ModelData } from '../../contract/deployment/containers.ts';
import type { DeploymentSettings, EndpointHosting } from '../../contract/deployment/deployment.ts';
import { furtherVariants } from '../../contract/deployment/variants.ts';
import { exampleTensors } from '../../contract/model/example-input.ts';
import { type ArtifactModel, hasArtifact, type Model } from '../../contract/model/model.ts';
import { codecProblems } from '../../contract/tensors/codecs.ts';
import { PUBLISHED } from '../containers/published-images.ts';
import { artifactLayoutProblems } from './artifact-layout-problems.ts';
import { processorProblems } from './processor-problems.ts';

export interface CheckedContainer {
  readonly model: Model;
  readonly settings: DeploymentSettings;
  readonly artifactFolders?: ReadonlyMap<string, readonly string[]>;
  readonly dockerfileExists?: boolean;
}

/**
 * What is wrong with the image that serves a model, with how tensors travel to it and with what it is given.
 * @param region where it is deployed; undefined where that is known at deployment only
 */
export function containerProblems(checked: CheckedContainer, region: string | undefined): readonly string[] {
  const { model, settings, artifactFolders = new Map(), dockerfileExists = true } = checked;
  const { hosting } = settings;
  // That pure mathematics has no container is told by its hosting.
  if (!hasArtifact(model)) return [];
  if (hosting.mode === 'lambda') return folderProblems(model.artifact, artifactFolders);
  const { container, modelData } = hosting;
  return [
    ...publishedProblems(container, region),
    ...processorProblems(hosting),
    ...codecDeclarationProblems(container),
    ...exampleProblems(container, model),
    ...(container.kind === 'dockerfile' && !dockerfileExists
      ? [`${container.folder}/Dockerfile does not exist. Put it there, or correct hosting.container.folder.`]
      : []),
    ...(modelData === undefined ? [] : modelDataProblems(modelData)),
    ...artifactsOf(checked, hosting).flatMap((artifact) =>
      container.kind === 'serving'
        ? folderProblems(artifact, artifactFolders)
        : artifactLayoutProblems({
            model: model.name,
            artifact,
            hosting,
            files: artifactFolders.get(artifact),
          }),
    ),
  ];
}

/** The artifacts that archives are made of. */
function artifactsOf(
  { model, settings }: CheckedContainer,
  { modelData }: EndpointHosting,
): readonly string[] {
  const own = modelData === undefined ? [model] : [];
  return [...own, ...furtherVariants(settings.variants)].flatMap((one) =>
    'artifact' in one ? [one.artifact] : [],
  );
}

function folderProblems(artifact: string, folders: ReadonlyMap<string, unknown>): string[] {
  return folders.has(artifact)
    ? [`the artifact "${artifact}" is a folder, and Furrow's own runtimes load one ONNX file. Name the file.`]
    : [];
}

function publishedProblems(container: Container, region: string | undefined): string[] {
  if (!('version' in container)) return [];
  const { kind, version } = container;
  const { versions, registry: registryOf } = PUBLISHED[kind];
  const problems: string[] = [];
  if (!versions.includes(version)) {
    problems.push(
      `hosting.container.version is ${version}, and the versions of ${kind} are ${versions.join(', ')}. Use one of them, or { kind: 'repository', … } for another image.`,
    );
  }
  const registry = registryOf();
  if (region !== undefined && !Object.hasOwn(registry, region)) {
    problems.push(
      `hosting.container is ${kind}, which AWS does not publish in ${region}. Deploy to one of ${Object.keys(registry).sort().join(', ')}, or copy the image into a repository of your own and use { kind: 'repository', … }.`,
    );
  }
  return problems;
}

function codecDeclarationProblems(container: Container): string[] {
  if (container.kind !== 'xgboost' || container.codec === 'csv' || container.script !== undefined) return [];
  return [
    `hosting.container.codec is ${container.codec}, and without a script the xgboost image reads csv. Use codec: 'csv', or name a script that reads ${container.codec}.`,
  ];
}

/** What the codec would not carry shows on the model's own example. */
function exampleProblems({ codec }: Container, model: ArtifactModel): string[] {
  return codecProblems(codec, exampleTensors(model), 1).map(
    (problem) => `hosting.container.codec is ${codec}, and preprocess makes of the example: ${problem}.`,
  );
}

/** SageMaker compares no hash: an object under another key is what makes it load other weights. */
function modelDataProblems({ s3Uri, sha256 }: ModelData): string[] {
  if (s3Uri.includes(sha256)) return [];
  return [
    `hosting.modelData.s3Uri is ${s3Uri}, which does not hold its sha256: under the same key, other weights would not be deployed. Store the object under a key such as models/${sha256}/model.tar.gz.`,
  ];
}
