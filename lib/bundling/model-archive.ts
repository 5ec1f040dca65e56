import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { exampleTensors } from '../../contract/example-input.ts';
import type { ArtifactModel } from '../../contract/model.ts';

export interface ModelArchiveOptions {
  /** The folder that holds `models/`. */
  readonly root: string;
  readonly model: ArtifactModel;
  /** Gets `model.tar.gz` and the files it was made from. */
  readonly outDir: string;
}

/**
 * Packs a model's artifact as SageMaker wants it: `model.tar.gz` with `model.onnx`, a `model.json` that names it and a
 * `warmup.json`, the contract's own example as an inference request (Open Inference Protocol V2), which the model server
 * answers before it says that it is ready. The same artifact and contract give the same bytes: no time, owner or mode of
 * the machine that packed it is in the archive.
 * @returns the archive's path
 */
export async function packModel({ root, model, outDir }: ModelArchiveOptions): Promise<string> {
  const content = join(outDir, 'content');
  mkdirSync(content, { recursive: true });
  copyFileSync(join(root, 'models', model.name, 'artifacts', model.artifact), join(content, 'model.onnx'));
  writeFileSync(
    join(content, 'model.json'),
    `${JSON.stringify({ name: model.name, version: model.version })}\n`,
  );
  writeFileSync(
    join(content, 'warmup.json'),
    `${JSON.stringify({ id: 'warmup', inputs: exampleTensors(model) })}\n`,
  );
  const file = join(outDir, 'model.tar.gz');
  await create(
    {
      cwd: content,
      file,
      gzip: { level: 9 },
      portable: true,
      noMtime: true,
      onWriteEntry: (entry) => {
        if (entry.stat !== undefined) entry.stat.mode = 0o100644;
      },
    },
    ['model.json', 'model.onnx', 'warmup.json'],
  );
  return file;
}
