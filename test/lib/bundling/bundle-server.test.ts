import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleServer } from '../../../lib/bundling/bundle-server.ts';
import { temporaryFolder, writeFiles } from '../support/project.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('the build context of the model server', () => {
  it("holds the Dockerfile's files and the program, which starts", async () => {
    const outDir = temporaryFolder();
    await bundleServer({ root: ROOT, outDir });

    expect(readdirSync(outDir).sort()).toEqual([
      'Dockerfile',
      'package-lock.json',
      'package.json',
      'server.mjs',
    ]);
    const refusal = () =>
      execFileSync(process.execPath, ['server.mjs'], {
        cwd: outDir,
        env: { SAGEMAKER_BIND_TO_PORT: 'none' },
        stdio: 'pipe',
        encoding: 'utf8',
      });
    expect(refusal).toThrow(/SAGEMAKER_BIND_TO_PORT/);
  });

  it('leaves native code to the image', async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      'serving/main.ts':
        "import { InferenceSession } from 'onnxruntime-node'; console.log(InferenceSession);",
      'serving/image/Dockerfile': 'FROM scratch',
      'serving/image/package.json': '{}',
      'serving/image/package-lock.json': '{}',
      'node_modules/onnxruntime-node/package.json': '{ "name": "onnxruntime-node", "main": "index.js" }',
      'node_modules/onnxruntime-node/index.js': "exports.InferenceSession = 'from the image';",
    });
    const outDir = join(root, 'out');

    await bundleServer({ root, outDir });

    const printed = execFileSync(process.execPath, [join(outDir, 'server.mjs')], { encoding: 'utf8' });
    expect(printed).toBe('from the image\n');
  });
});
