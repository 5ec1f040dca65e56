import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Synthesizes a project as the CDK CLI does, by its `cdk.json`'s app command. */
export function synthesize(root: string, outDir: string, context: Record<string, string> = {}): string {
  rmSync(outDir, { recursive: true, force: true });
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, CDK_OUTDIR: outDir, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
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
