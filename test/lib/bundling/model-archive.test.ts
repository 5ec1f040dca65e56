import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { list } from 'tar';
import { describe, expect, it } from 'vitest';
import { packModel } from '../../../lib/bundling/model-archive.ts';
import { artifactModel } from '../support/models.ts';
import { temporaryFolder, writeFiles } from '../support/project.ts';

function projectWith(weights: string): string {
  const root = temporaryFolder();
  writeFiles(root, { 'models/learned-yield/artifacts/model.onnx': weights });
  return root;
}

async function packed(root: string): Promise<string> {
  return packModel({ root, model: artifactModel, outDir: temporaryFolder() });
}

async function contentOf(file: string, path: string): Promise<string> {
  const chunks: Buffer[] = [];
  await list({
    file,
    filter: (name) => name === path,
    onReadEntry: (entry) => entry.on('data', (chunk: Buffer) => chunks.push(chunk)),
  });
  return Buffer.concat(chunks).toString();
}

describe("a model's archive", () => {
  it('holds the artifact and what it is called, and nothing of the machine that made it', async () => {
    const entries: { readonly path: string; readonly mode: number | undefined; readonly content: string }[] =
      [];

    await list({
      file: await packed(projectWith('weights')),
      onReadEntry: (entry) => {
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
        entry.on('end', () =>
          entries.push({ path: entry.path, mode: entry.mode, content: Buffer.concat(chunks).toString() }),
        );
      },
    });

    expect(entries).toEqual([
      { path: 'model.json', mode: 0o644, content: '{"name":"learned-yield","version":"2.0.0"}\n' },
      { path: 'model.onnx', mode: 0o644, content: 'weights' },
      { path: 'warmup.json', mode: 0o644, content: expect.any(String) },
    ]);
  });

  it("has a warm-up request, made of the contract's own example", async () => {
    const content = await contentOf(await packed(projectWith('weights')), 'warmup.json');

    expect(JSON.parse(content)).toEqual({
      id: 'warmup',
      inputs: [{ name: 'yield', shape: [1, 1], datatype: 'FP32', data: [2000] }],
    });
  });

  it('has the same bytes for the same artifact, whenever and wherever it was made', async () => {
    const [first, second] = [projectWith('weights'), projectWith('weights')];
    utimesSync(join(second, 'models/learned-yield/artifacts/model.onnx'), 1, 1);

    expect(readFileSync(await packed(first)).equals(readFileSync(await packed(second)))).toBe(true);
  });

  it('has other bytes for other weights', async () => {
    const [first, second] = [projectWith('weights'), projectWith('Weights')];

    expect(readFileSync(await packed(first)).equals(readFileSync(await packed(second)))).toBe(false);
  });
});

describe('the archive for another image', () => {
  const FILES = { 'code/inference.py': 'load()', 'booster.json': 'weights', 'yield/1/model.pt': 'graph' };

  function projectOf(artifact: string, files: Readonly<Record<string, string>>) {
    const root = temporaryFolder();
    const below = Object.entries(files).map(([path, text]) => [
      `models/learned-yield/artifacts/${artifact}${path}`,
      text,
    ]);
    writeFiles(root, Object.fromEntries(below));
    return root;
  }

  async function entriesOf(root: string, artifact: string): Promise<Record<string, string>> {
    const file = await packModel({
      root,
      model: { ...artifactModel, artifact },
      container: 'pytorch',
      outDir: temporaryFolder(),
    });
    const paths: string[] = [];
    await list({ file, onReadEntry: (entry) => paths.push(entry.path) });
    const contents = await Promise.all(paths.map((path) => contentOf(file, path)));
    return Object.fromEntries(paths.map((path, index) => [path, contents[index] ?? '']));
  }

  it('is what a folder holds, and nothing that Python left there', async () => {
    const root = projectOf('served/', { ...FILES, 'code/__pycache__/inference.pyc': 'bytes' });

    expect(await entriesOf(root, 'served')).toEqual(FILES);
  });

  it('is one file by its name', async () => {
    expect(await entriesOf(projectOf('booster.json', { '': 'weights' }), 'booster.json')).toEqual({
      'booster.json': 'weights',
    });
  });

  it('has the same bytes in whatever order the files were written', async () => {
    const packedOf = async (files: Readonly<Record<string, string>>) =>
      readFileSync(
        await packModel({
          root: projectOf('served/', files),
          model: { ...artifactModel, artifact: 'served' },
          container: 'triton',
          outDir: temporaryFolder(),
        }),
      );
    const reversed = Object.fromEntries(Object.entries(FILES).reverse());

    expect((await packedOf(FILES)).equals(await packedOf(reversed))).toBe(true);
  });
});
