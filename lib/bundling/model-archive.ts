import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { create } from 'tar';
import type { ContainerKind } from '../../contract/deployment/containers.ts';
import { exampleTensors } from '../../contract/model/example-input.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { filesOfFolder } from './artifact-files.ts';

export interface ModelArchiveOptions {
  /** The folder that holds `models/`. */
  readonly root: string;
  readonly model: ArtifactModel;
  /** Whose layout the archive has. @default 'serving' */
  readonly container?: ContainerKind;
  /** Gets `model.tar.gz` and the files it was made from. */
  readonly outDir: string;
}

/**
 * Packs a model's artifact as SageMaker wants it, into `model.tar.gz`. For Furrow's model server that is `model.onnx`, a
 * `model.json` that names it and a `warmup.json`, the contract's own example as an inference request (Open Inference Protocol
 * V2), which the model server answers before it says that it is ready. Every other image gets what the artifact is: the files
 * of a folder, or one file by its name. The same artifact and contract give the same bytes: no time, owner or mode of the
 * machine that packed it is in the archive.
 * @returns the archive's path
 */
export async function packModel(options: ModelArchiveOptions): Promise<string> {
  const { root, model, container = 'serving', outDir } = options;
  const artifact = join(root, 'models', model.name, 'artifacts', model.artifact);
  mkdirSync(outDir, { recursive: true });
  const file = join(outDir, 'model.tar.gz');
  if (container === 'serving') {
    await pack(file, servingContent(model, artifact, join(outDir, 'content')));
    return file;
  }
  const files = filesOfFolder(artifact);
  await pack(
    file,
    files === undefined
      ? { folder: dirname(artifact), files: [basename(artifact)] }
      : { folder: artifact, files },
  );
  return file;
}

interface Content {
  readonly folder: string;
  /** Paths below the folder. */
  readonly files: readonly string[];
}

function servingContent(model: ArtifactModel, artifact: string, folder: string): Content {
  mkdirSync(folder, { recursive: true });
  copyFileSync(artifact, join(folder, 'model.onnx'));
  writeFileSync(
    join(folder, 'model.json'),
    `${JSON.stringify({ name: model.name, version: model.version })}\n`,
  );
  writeFileSync(
    join(folder, 'warmup.json'),
    `${JSON.stringify({ id: 'warmup', inputs: exampleTensors(model) })}\n`,
  );
  return { folder, files: ['model.json', 'model.onnx', 'warmup.json'] };
}

async function pack(file: string, { folder, files }: Content): Promise<void> {
  await create(
    {
      cwd: folder,
      file,
      gzip: { level: 9 },
      portable: true,
      noMtime: true,
      follow: true,
      onWriteEntry: (entry) => {
        if (entry.stat !== undefined) entry.stat.mode = 0o100644;
      },
    },
    [...files],
  );
}
