import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib/core';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { DeploymentError } from '../lib/validation/deployment-problems.ts';
import { DiscoveryError, discoverModels } from './discover-models.ts';
import { EnvironmentError, environmentNamed } from './environments.ts';
import { synthesize } from './synthesize.ts';

/** Mistakes in what the user wrote: their messages say it all, a stack trace would hide them. */
const MISTAKES = [DeploymentError, DiscoveryError, EnvironmentError];

async function main(): Promise<void> {
  // The CDK's own validation of the templates takes seconds. `npm run verify` switches it on, for every environment.
  process.env.CDK_VALIDATION ??= 'false';
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const app = new App({
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
    // Where a construct was made: a tenth of the time of a synthesis. `cdk synth --debug` has it nevertheless.
    context: { [DISABLE_CREATION_STACK_TRACES]: true },
  });
  const environment = environmentNamed(app.node.tryGetContext('environment'));
  await synthesize(app, { root, environment, models: await discoverModels(root) });
}

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  console.error(isMistake(error) ? error.message : error);
}

function isMistake(error: unknown): error is Error {
  return MISTAKES.some((kind) => error instanceof kind) || isBuildFailure(error);
}

/** esbuild's message names the file, the line and the mistake. */
function isBuildFailure(error: unknown): error is Error {
  return error instanceof Error && 'errors' in error && 'warnings' in error;
}
