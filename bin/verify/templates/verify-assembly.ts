import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import type { VerifiedCase } from '../report/report.ts';
import { cfnLint } from './cfn-lint.ts';
import { nag } from './nag.ts';

/** The regions that templates are checked for where an environment names none. */
const REGIONS = ['us-east-1', 'eu-west-1'];

export interface VerifyAssemblyOptions {
  readonly name: string;
  /** Synthesized, into `outdir`. */
  readonly app: App;
  readonly outdir: string;
  /** The Python that cfn-lint is installed for. */
  readonly python: string;
  /** @default - known at deployment only */
  readonly region?: string | undefined;
  /** What makes a template another one for cfn-lint, which takes seconds for each. @default - its text */
  readonly essence?: (text: string) => string;
}

/** Holds every template of an app against cfn-lint and cdk-nag; of templates that are the same, cfn-lint sees one. */
export async function verifyAssembly(options: VerifyAssemblyOptions): Promise<VerifiedCase> {
  const { name, app, outdir, python, region, essence = (text) => text } = options;
  const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  const paths = templates.map((file) => join(outdir, file));
  const distinct = new Map(paths.map((path) => [essence(readFileSync(path, 'utf8')), path] as const));
  const findings = await cfnLint({
    python,
    templates: [...distinct.values()],
    regions: region === undefined ? REGIONS : [region],
  });
  return { name, templates, findings: [...findings, ...nag(app)] };
}
