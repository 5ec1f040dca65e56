import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lib/support/project.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Runs the app as the CDK's command line does: without credentials, and with the context in a variable. */
function synth(context: Readonly<Record<string, unknown>>) {
  const outdir = temporaryFolder();
  const { app } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { readonly app: string };
  const run = spawnSync(app, {
    cwd: ROOT,
    shell: true,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: outdir,
      // As the CLI names it: relative to where the app runs.
      CDK_OUTDIR: relative(ROOT, join(outdir, 'cdk.out')),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  const stacks = () => {
    const manifest = JSON.parse(readFileSync(join(outdir, 'cdk.out/manifest.json'), 'utf8')) as {
      readonly artifacts: Readonly<Record<string, { readonly type: string }>>;
    };
    return Object.keys(manifest.artifacts).filter(
      (id) => manifest.artifacts[id]?.type === 'aws:cloudformation:stack',
    );
  };
  const functions = () =>
    readdirSync(join(outdir, 'cdk.out'))
      .filter((name) => name.endsWith('.lambda'))
      .map((name) => join(outdir, 'cdk.out', name));
  return { status: run.status, stderr: run.stderr, stacks, functions };
}

describe('the app', () => {
  it.each(['dev', 'prod'])('synthesizes %s without credentials', (environment) => {
    const { status, stderr, stacks, functions } = synth({ environment });

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stacks()).toEqual(
      expect.arrayContaining([
        `furrow-${environment}-shared`,
        `furrow-${environment}-barley-yield`,
        `furrow-${environment}-reference-evapotranspiration`,
        `furrow-${environment}-tumour-screening`,
      ]),
    );
    const ofModels = functions().filter((folder) => existsSync(join(folder, 'model.mjs')));
    expect(ofModels.length).toBeGreaterThan(0);
    for (const folder of ofModels)
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(['zod.mjs', 'contract']));
  });

  it('says in one line that there is no such environment', () => {
    const { status, stderr } = synth({ environment: 'staging' });

    expect(status).toBe(1);
    expect(stderr).toBe(
      'There is no environment "staging". Use -c environment=<name> with one of: dev, prod.\n',
    );
  });
});
