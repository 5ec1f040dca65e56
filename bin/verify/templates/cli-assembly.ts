import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Finding } from '../report/findings.ts';

/** Whose templates are not those that were verified. */
export const SAME_RULE = 'same-template';

export interface CliAssemblyOptions {
  /** The project's root. */
  readonly root: string;
  readonly environment: string;
  readonly outdir: string;
}

/**
 * Synthesizes an environment with the CDK CLI, as `npx cdk deploy` does.
 * @throws {Error} with what the CLI wrote, where it fails
 */
export async function synthesizeWithCli({ root, environment, outdir }: CliAssemblyOptions): Promise<void> {
  const cli = join(root, 'node_modules', '.bin', 'cdk');
  const args = ['synth', '--quiet', '--output', outdir, '-c', `environment=${environment}`];
  await promisify(execFile)(cli, args, { cwd: root });
}

/** The templates of the CLI's assembly that are not byte for byte those that were verified. */
export function differingTemplates(verifiedDir: string, cliDir: string): readonly Finding[] {
  const templates = new Set([verifiedDir, cliDir].flatMap(templatesIn));
  return [...templates].sort().flatMap((template) => {
    if (textOf(verifiedDir, template) === textOf(cliDir, template)) return [];
    const message = 'What `npx cdk deploy` deploys is another template than the one that was verified';
    return [{ template, rule: SAME_RULE, level: 'error', path: '', message } as const];
  });
}

function templatesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.template.json'));
}

function textOf(folder: string, template: string): string | undefined {
  return templatesIn(folder).includes(template) ? readFileSync(join(folder, template), 'utf8') : undefined;
}
