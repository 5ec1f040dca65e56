import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { App } from 'aws-cdk-lib/core';
import { APP_PROPS } from '../../lib/app-props.ts';
import { buildModels } from '../../lib/bundling/build-models.ts';
import { bundleFramework } from '../../lib/bundling/framework.ts';
import { DeploymentError } from '../../lib/validation/deployment-problems.ts';
import { DiscoveryError, discoverModels } from '../discover-models.ts';
import { synthesize } from '../synthesize.ts';
import { pythonEnvironment } from '../train/python-environment.ts';
import { TrainingError } from '../train/training-target.ts';
import { verifyCombinations } from './combinations/verify-combinations.ts';
import { verifyCases } from './environments/cases.ts';
import { sharedBuilds } from './environments/shared-builds.ts';
import { verifyFunctions } from './functions/verify-functions.ts';
import type { Finding } from './report/findings.ts';
import { passes, report, type VerifiedCase } from './report/report.ts';
import { differingTemplates, synthesizeWithCli } from './templates/cli-assembly.ts';
import { verifyAssembly } from './templates/verify-assembly.ts';

// `npm run verify`: synthesizes every environment, with Datadog off and on, and every combination of hosting, container,
// rollout and variants that is allowed, and holds every template against the CDK's own validation, cfn-lint and cdk-nag. What
// `npx cdk deploy` makes of an environment has to be the same templates, and every function of it has to load by itself.

/** The CLI's own, as far as templates show it, and that what the CDK finds is an error: it ends the synthesis with its report. */
const VERIFIED_CONTEXT = {
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
};

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

async function verify(): Promise<boolean> {
  const python = await pythonEnvironment({
    folder: join(ROOT, 'bin/verify'),
    python: process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3'),
    platform: process.platform,
    run: async (program, args) => (await once(spawn(program, args, { stdio: 'inherit' }), 'exit'))[0],
    read: async (program, args) => (await promisify(execFile)(program, [...args])).stdout,
    print: console.log,
  });
  const models = await discoverModels(ROOT);
  process.env.CDK_VALIDATION = 'true';
  const scratch = mkdtempSync(join(tmpdir(), 'furrow-verify-'));
  try {
    const verified: VerifiedCase[] = [];
    const framework = bundleFramework(ROOT);
    // Where it fails before it is asked for, it is told then.
    framework.catch(() => undefined);
    const build = sharedBuilds((built) => {
      const folder = mkdtempSync(join(scratch, 'build-'));
      return buildModels({ root: ROOT, models: built, assemblyDir: folder, workDir: folder, framework });
    });
    for (const [index, { name, environment }] of verifyCases().entries()) {
      const outdir = join(scratch, String(index));
      const app = new App({ ...APP_PROPS, outdir, context: { ...APP_PROPS.context, ...VERIFIED_CONTEXT } });
      await synthesize(app, { root: ROOT, environment, models, build: (built) => build(built.models) });
      const templates = await verifyAssembly({ name, app, outdir, python, region: environment.region });
      const shipped =
        name === environment.name ? await verifyShipped(name, outdir, join(scratch, `cli-${index}`)) : [];
      verified.push({ ...templates, findings: [...templates.findings, ...shipped] });
    }
    verified.push(await verifyCombinations({ scratch, python }));
    console.log(report(verified));
    return passes(verified);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What `npx cdk deploy` makes of a declared environment: the same templates, with functions that start. */
async function verifyShipped(
  environment: string,
  verifiedDir: string,
  outdir: string,
): Promise<readonly Finding[]> {
  await synthesizeWithCli({ root: ROOT, environment, outdir });
  return [...differingTemplates(verifiedDir, outdir), ...(await verifyFunctions(outdir))];
}

const MISTAKES = [DeploymentError, DiscoveryError, TrainingError];

try {
  process.exitCode = (await verify()) ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  console.error(MISTAKES.some((kind) => error instanceof kind) ? (error as Error).message : error);
}
