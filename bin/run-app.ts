import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { OUTDIR_ENV } from 'aws-cdk-lib/cx-api';
import { APP_PROPS } from '../lib/app-props.ts';
import { buildModels } from '../lib/bundling/build-models.ts';
import type { Framework } from '../lib/bundling/framework.ts';
import { DeploymentError } from '../lib/validation/deployment-problems.ts';
import { DiscoveryError, discoverModels } from './discover-models.ts';
import { EnvironmentError, environmentNamed } from './environments.ts';
import { synthesize } from './synthesize.ts';

/** Mistakes in what the user wrote: their messages say it all, a stack trace would hide them. */
const MISTAKES = [DeploymentError, DiscoveryError, EnvironmentError];

export interface AppOptions {
  /** The project's root. */
  readonly root: string;
  readonly framework: Promise<Framework>;
}

/**
 * Synthesizes the project's models for the environment that the context names.
 * @returns the exit code; what went wrong is on the error output
 */
export async function runApp({ root, framework }: AppOptions): Promise<number> {
  // The CDK's own validation of the templates takes seconds. `npm run verify` switches it on, for every environment.
  process.env.CDK_VALIDATION ??= 'false';
  const app = new App({ ...APP_PROPS, ...outdir(process.env[OUTDIR_ENV]) });
  try {
    const environment = environmentNamed(app.node.tryGetContext('environment'));
    await synthesize(app, {
      root,
      environment,
      models: await discoverModels(root),
      build: (built) => buildModels({ root, framework, ...built }),
    });
    return 0;
  } catch (error) {
    console.error(isMistake(error) ? error.message : error);
    return 1;
  }
}

/**
 * The CLI names the assembly's folder from where it is called, as `cdk.out`, and what is bundled by programs with a working
 * directory of their own. @param named nothing where the app is run by hand: the CDK makes a temporary folder then
 */
function outdir(named: string | undefined): { readonly outdir?: string } {
  return named === undefined ? {} : { outdir: resolve(named) };
}

function isMistake(error: unknown): error is Error {
  return MISTAKES.some((kind) => error instanceof kind) || isBuildFailure(error);
}

/** esbuild's message names the file, the line and the mistake. */
function isBuildFailure(error: unknown): error is Error {
  return error instanceof Error && 'errors' in error && 'warnings' in error;
}
