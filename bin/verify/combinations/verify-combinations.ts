import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { ENVIRONMENTS } from '../../environments.ts';
import type { VerifiedCase } from '../report/report.ts';
import { verifyAssembly } from '../templates/verify-assembly.ts';
import { addAllowed } from './allowed.ts';

export interface VerifyCombinationsOptions {
  readonly scratch: string;
  /** The Python that cfn-lint is installed for. */
  readonly python: string;
}

/** Verifies every combination that is allowed, where keys are the customer's. */
export async function verifyCombinations({
  scratch,
  python,
}: VerifyCombinationsOptions): Promise<VerifiedCase> {
  const folder = join(scratch, 'combinations');
  const outdir = join(folder, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false });
  const titles = await addAllowed(app, { environment: ENVIRONMENTS.prod, folder });
  app.synth();
  const verified = await verifyAssembly({
    name: 'combinations',
    app,
    outdir,
    python,
    // A rollout, for one, changes nothing of a serverless endpoint: such templates differ in the model's name only.
    essence: (text) => text.replaceAll(/combination-\d+/g, 'combination'),
  });
  const titleOf = (template: string) => {
    const title = titles.get(template.replace('.template.json', ''));
    if (title === undefined) throw new Error(`${template} is the template of no combination`);
    return title;
  };
  return {
    ...verified,
    collapsed: true,
    templates: verified.templates.map(titleOf),
    findings: verified.findings.map((finding) => ({ ...finding, template: titleOf(finding.template) })),
  };
}
