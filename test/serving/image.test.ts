import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './model-server-process.ts';

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const dockerfile = read('serving', 'image', 'Dockerfile');
const lock = JSON.parse(read('serving', 'image', 'package-lock.json'));

describe("the server's image", () => {
  it('installs the ONNX Runtime that the server is tested with', () => {
    const tested = JSON.parse(read('package.json')).dependencies['onnxruntime-node'];
    expect(JSON.parse(read('serving', 'image', 'package.json')).dependencies).toEqual({
      'onnxruntime-node': tested,
    });
    expect(lock.packages['node_modules/onnxruntime-node'].version).toBe(tested);
  });

  it('locks packages by content, wherever they come from', () => {
    const packages = Object.entries<{ integrity?: string; resolved?: string }>(lock.packages).filter(
      ([path]) => path,
    );
    expect(packages.length).toBeGreaterThan(1);
    for (const [, { integrity, resolved }] of packages) {
      expect(integrity).toMatch(/^sha512-/);
      expect(resolved).toBeUndefined();
    }
  });

  it('starts the server as process 1, without root, on the port that SageMaker chooses', () => {
    const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(lastStage).toMatch(/^ENTRYPOINT \["node", "server\.mjs"\]$/m);
    expect(lastStage).toMatch(/^USER node$/m);
    expect(lastStage).toMatch(/^EXPOSE 8080$/m);
    expect(lastStage).toMatch(/^LABEL com\.amazonaws\.sagemaker\.capabilities\.accept-bind-to-port=true$/m);
  });

  it('runs no install script, which would download CUDA libraries', () => {
    expect(dockerfile).toMatch(/npm ci .*--ignore-scripts/);
  });
});
