import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
      CDK_OUTDIR: join(outdir, 'cdk.out'),
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
  return { status: run.status, stderr: run.stderr, stacks };
}

describe('the app', () => {
  it.each(['dev', 'prod'])('synthesizes %s without credentials', (environment) => {
    const { status, stderr, stacks } = synth({ environment });

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
  });

  it('says in one line that there is no such environment', () => {
    const { status, stderr } = synth({ environment: 'staging' });

    expect(status).toBe(1);
    expect(stderr).toBe(
      'There is no environment "staging". Use -c environment=<name> with one of: dev, prod.\n',
    );
  });
});
