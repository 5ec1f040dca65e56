import { execSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { appCommand } from '../../local/start/synthesize.ts';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Synthesizes a project as `npm start` and the CDK CLI do, by its `cdk.json`'s app command. */
export function synthesize(root: string, outDir: string, context: Record<string, string> = {}): string {
  rmSync(outDir, { recursive: true, force: true });
  const { app, cwd, env } = appCommand({ projectDir: root, outDir, context });
  execSync(app, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return outDir;
}

/** Once for all end-to-end tests: the dev assembly, inside the project so that its node_modules are found. */
export default function setup(project: TestProject): void {
  project.provide('assembly', synthesize(ROOT, join(ROOT, 'build', 'e2e', 'cdk.out')));
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the synthesized dev assembly. */
    assembly: string;
  }
}
