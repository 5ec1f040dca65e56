import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { layOut, sha256Of } from '../../../lib/bundling/function-folder.ts';
import { temporaryFolder, writeFiles } from '../support/project.ts';

function bundledFile(path: string, text: string) {
  const folder = temporaryFolder();
  writeFiles(folder, { bundled: text });
  const file = join(folder, 'bundled');
  return { path, file, sha256: sha256Of(file) };
}

const INDEX = 'export const handler = () => {};';

describe("a function's folder", () => {
  it('has its program and its files, which are written once for all functions', () => {
    const shared = bundledFile('lambda/handlers/predict.mjs', 'export {};');
    const assemblyDir = temporaryFolder();
    const folders = [INDEX, `${INDEX} `].map(
      (index) => layOut({ assemblyDir, workDir: temporaryFolder(), index, files: [shared] }).folder,
    );

    expect(readFileSync(join(folders[0] ?? '', 'index.mjs'), 'utf8')).toBe(INDEX);
    const inodes = folders.map((folder) => statSync(join(folder, shared.path)).ino);
    expect(new Set([...inodes, statSync(shared.file).ino]).size).toBe(1);
  });

  it('is told from others by its program, its files, and where they lie', () => {
    const hashOf = (index: string, ...files: ReturnType<typeof bundledFile>[]) =>
      layOut({ assemblyDir: temporaryFolder(), workDir: temporaryFolder(), index, files }).hash;
    const hashes = [
      hashOf(INDEX),
      hashOf(INDEX, bundledFile('a.mjs', 'a')),
      hashOf(INDEX, bundledFile('a.mjs', 'b')),
      hashOf(INDEX, bundledFile('b.mjs', 'a')),
      hashOf(`${INDEX} `, bundledFile('a.mjs', 'a')),
    ];

    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf(INDEX, bundledFile('a.mjs', 'a'))).toBe(hashes[1]);
  });

  it('is left as it is where it is there already', () => {
    const [assemblyDir, workDir] = [temporaryFolder(), temporaryFolder()];
    const one = layOut({ assemblyDir, workDir, index: INDEX, files: [] });
    const { ino } = statSync(one.folder);

    expect(layOut({ assemblyDir, workDir, index: INDEX, files: [] })).toEqual(one);
    expect(statSync(one.folder).ino).toBe(ino);
    expect(readdirSync(workDir)).toEqual([]);
  });

  it('is made anew where a file of it is missing or cut', () => {
    const shared = bundledFile('lambda/handlers/predict.mjs', 'export {};');
    const [assemblyDir, workDir] = [temporaryFolder(), temporaryFolder()];
    const again = () => layOut({ assemblyDir, workDir, index: INDEX, files: [shared] }).folder;
    const folder = again();
    rmSync(join(folder, shared.path));
    again();
    expect(readFileSync(join(folder, shared.path), 'utf8')).toBe('export {};');

    rmSync(join(folder, 'index.mjs'));
    writeFiles(folder, { 'index.mjs': '' });
    again();
    expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).toBe(INDEX);
  });

  it('is what the CDK stages, where it lies', () => {
    const assemblyDir = temporaryFolder();
    const { folder, hash } = layOut({ assemblyDir, workDir: temporaryFolder(), index: INDEX, files: [] });
    const app = new App({ outdir: assemblyDir, analyticsReporting: false });
    new LambdaFunction(new Stack(app, 'Stack'), 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(folder, { assetHash: hash }),
    });
    app.synth();

    const assets = readdirSync(assemblyDir).filter((name) => name.startsWith('asset.'));
    expect(assets.map((name) => join(assemblyDir, name))).toEqual([folder]);
    const manifest = JSON.parse(readFileSync(join(assemblyDir, 'Stack.assets.json'), 'utf8'));
    const sources = Object.values<{ source: { path: string } }>(manifest.files).map(
      ({ source }) => source.path,
    );
    expect(sources).toContain(assets[0]);
  });
});
