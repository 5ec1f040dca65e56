import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Finding, parseFindings } from '../report/findings.ts';

export interface CfnLintOptions {
  /** The Python that cfn-lint is installed for. */
  readonly python: string;
  readonly templates: readonly string[];
  /** Where the templates may be deployed: what exists differs between regions. */
  readonly regions: readonly string[];
  /** At once: cfn-lint itself uses one processor. @default - as many as there are processors */
  readonly processes?: number;
}

/** What cfn-lint does not know of itself: the types of other vendors. */
const SCHEMAS = join(import.meta.dirname, 'schemas');

/** A run may print a megabyte of findings. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs cfn-lint over templates.
 * @throws {Error} with what it printed, if it could not run
 */
export async function cfnLint(options: CfnLintOptions): Promise<readonly Finding[]> {
  const { python, templates, regions, processes = availableParallelism() } = options;
  const args = [
    ...['--format', 'json', '--include-checks', 'I', '--registry-schemas', SCHEMAS],
    ...['--regions', ...regions, '--template'],
  ];
  // pip puts a package's commands beside the Python of the environment.
  const program = join(dirname(python), 'cfn-lint');
  const outputs = await Promise.all(
    sharesOf(templates, processes).map((share) => standardOutput(program, [...args, ...share])),
  );
  return outputs.flatMap(parseFindings);
}

/** Shares of about the same size, none of them empty; neighbours, which are often alike, are dealt out in turn. */
function sharesOf(templates: readonly string[], most: number): readonly (readonly string[])[] {
  const count = Math.min(most, templates.length);
  return Array.from({ length: count }, (_, share) => templates.filter((_, index) => index % count === share));
}

/** cfn-lint's exit code counts what it found; only a run without a report has failed. */
async function standardOutput(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { maxBuffer: MAX_OUTPUT_BYTES });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    if (stdout.trimStart().startsWith('[')) return stdout;
    throw new Error(`cfn-lint could not run: ${stderr.trim() || String(error)}`, { cause: error });
  }
}
