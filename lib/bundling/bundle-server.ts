import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { programOptions } from './esbuild-options.ts';

export interface BundleServerOptions {
  /** The folder that holds `serving/`. */
  readonly root: string;
  /** Becomes the image's build context: `Dockerfile`, the bundled server and what it installs. */
  readonly outDir: string;
}

/** What the image needs besides the bundle; native code is installed in the image from its own lock file. */
const CONTEXT_FILES = ['Dockerfile', 'package.json', 'package-lock.json'] as const;

/** Native code can't be bundled. */
const NATIVE = ['onnxruntime-node'];

/** Makes the build context of the model server's image: the Dockerfile's files and the bundle that it copies. */
export async function bundleServer({ root, outDir }: BundleServerOptions): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  await build({
    ...programOptions(root),
    entryPoints: [{ in: 'serving/main.ts', out: 'server' }],
    outdir: outDir,
    external: NATIVE,
  });
  for (const file of CONTEXT_FILES) cpSync(join(root, 'serving/image', file), join(outDir, file));
}
