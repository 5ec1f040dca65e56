import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { StagedAsset } from '../../template/assets.ts';
import type { Container } from './container.ts';
import { hostPath, parseDockerfile, UnrunnableImage } from './dockerfile.ts';
import { provideModelData } from './model-data.ts';

/** A model server as a process of this machine. */
export interface Program {
  /** The script that Node runs, and its arguments. */
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Turns a container of the template into a process that can run without a container runtime: an image from the
 * assembly whose program is Node.
 * @throws {UnrunnableImage} where it is anything else
 */
export async function resolveProgram(cloud: LocalCloud, container: Container): Promise<Program> {
  const image = imageAsset(cloud, container.Image);
  const program = parseDockerfile(readFileSync(image.dockerfile, 'utf8'));
  const [runtime = '', ...rest] = program.command;
  const script = rest.findIndex((argument) => !argument.startsWith('-'));
  const scriptPath = rest[script];
  if (!/(^|\/)node$/.test(runtime) || scriptPath === undefined) {
    throw new UnrunnableImage(
      `its program is ${program.command.join(' ')}, and only Node programs run without a container`,
    );
  }
  const modelDir = await provideModelData(cloud, container);
  return {
    arguments: [
      ...rest.slice(0, script),
      hostPath(program, image.path, scriptPath),
      ...rest.slice(script + 1),
    ],
    workingDirectory: image.path,
    environment: {
      ...program.environment,
      NODE_PATH: nodeModules(cloud.assemblyDir).join(process.platform === 'win32' ? ';' : ':'),
      AWS_REGION: cloud.region,
      ...(modelDir !== undefined && { MODEL_DIR: modelDir }),
      ...container.Environment,
    },
  };
}

function imageAsset(cloud: LocalCloud, uri: string | undefined): StagedAsset & { dockerfile: string } {
  const asset = uri === undefined ? undefined : cloud.asset(uri);
  const dockerfile = asset?.dockerfile;
  if (asset?.kind !== 'image' || dockerfile === undefined || !existsSync(dockerfile)) {
    throw new UnrunnableImage(`the image ${uri ?? '(none)'} is not built from this assembly`);
  }
  return { ...asset, dockerfile };
}

/**
 * Where a bundle finds the packages that the image would install: the folders above the assembly, and those that the
 * local cloud itself runs from, for an assembly that lies elsewhere.
 */
function nodeModules(assemblyDir: string): readonly string[] {
  const found = new Set<string>();
  for (const start of [assemblyDir, dirname(fileURLToPath(import.meta.url))]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules');
      if (existsSync(candidate)) found.add(candidate);
      if (folder === dirname(folder)) break;
    }
  }
  return [...found];
}
