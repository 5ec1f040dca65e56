import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SynthesisFailed, synthesize } from '../../../local/start/synthesize.ts';

let projectDir: string;

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'furrow-test-project-'));
});

afterEach(() => vi.unstubAllEnvs());

/** Writes a project whose app is the given script. */
function project(script: string, cdkJson: object = {}): void {
  writeFileSync(join(projectDir, 'app.cjs'), script);
  const app = `"${process.execPath}" app.cjs`;
  writeFileSync(join(projectDir, 'cdk.json'), JSON.stringify({ app, ...cdkJson }));
}

/** The CDK CLI. */
const CLI = join(import.meta.dirname, '../../../node_modules/.bin/cdk');

/** What the app was run with; it is gone then. */
function seen(): object {
  const file = join(projectDir, 'seen.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return record;
}

const RECORD = `require('fs').writeFileSync('seen.json', JSON.stringify({
  context: JSON.parse(process.env.CDK_CONTEXT_JSON), outDir: process.env.CDK_OUTDIR,
  region: process.env.CDK_DEFAULT_REGION ?? null, account: process.env.CDK_DEFAULT_ACCOUNT ?? null }))`;

describe('synthesize', () => {
  test('runs the app with its context, the command line before the files', async () => {
    vi.stubEnv('CDK_DEFAULT_REGION', 'eu-west-1');
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '123456789012');
    project(RECORD, { context: { environment: 'dev', size: 3 } });
    writeFileSync(join(projectDir, 'cdk.context.json'), '{"zones":["a"]}');

    await synthesize({ projectDir, outDir: join(projectDir, 'out'), context: { environment: 'prod' } });

    expect(seen()).toEqual({
      outDir: 'out',
      region: null,
      account: null,
      context: {
        'aws:cdk:enable-path-metadata': true,
        'aws:cdk:enable-asset-metadata': true,
        'aws:cdk:bundling-stacks': ['**'],
        'aws:cdk:version-reporting': true,
        '@aws-cdk/core:failSynthOnValidationErrors': false,
        environment: 'prod',
        size: 3,
        zones: ['a'],
      },
    });
  });

  test.each([{}, { versionReporting: false }])(
    'runs the app as the CDK CLI does, with %j',
    async (settings) => {
      project(RECORD, { context: { environment: 'dev', size: 3 }, ...settings });
      await synthesize({ projectDir, outDir: join(projectDir, 'cdk.out'), context: { environment: 'prod' } });
      const ours = seen();
      // It ends with an error, because this app writes no assembly.
      spawnSync(CLI, ['synth', '--quiet', '-c', 'environment=prod'], {
        cwd: projectDir,
        env: { PATH: process.env.PATH, HOME: projectDir, CDK_DISABLE_CLI_TELEMETRY: 'true' },
      });

      // The CLI takes a region from wherever AWS's tools find one.
      expect({ ...seen(), region: null }).toEqual(ours);
    },
  );

  test('says what a failing app wrote', async () => {
    project('console.log("on stdout"); console.error("no such model"); process.exit(3)');

    const failure = synthesize({ projectDir, outDir: '/out', context: {} });

    await expect(failure).rejects.toThrow(SynthesisFailed);
    await expect(failure).rejects.toThrow(
      /ended with status 3\n(on stdout\nno such model|no such model\non stdout)$/,
    );
  });

  test('is ended by its signal, and the app with it', async () => {
    project('require("fs").writeFileSync("started", String(process.pid)); setInterval(() => {}, 1000)');
    const abort = new AbortController();
    const started = join(projectDir, 'started');
    const isRunning = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };

    const failure = synthesize({ projectDir, outDir: '/out', context: {}, signal: abort.signal });
    await Promise.all([
      expect(failure).rejects.toThrow(SynthesisFailed),
      vi
        .waitFor(() => expect(existsSync(started) ? readFileSync(started, 'utf8') : '').not.toBe(''), 5000)
        .then(() => abort.abort()),
    ]);

    const pid = Number(readFileSync(started, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 5000);
  });

  test('names what is wrong with cdk.json and cdk.context.json', async () => {
    const run = () => synthesize({ projectDir, outDir: '/out', context: {} });

    await expect(run()).rejects.toThrow('has no cdk.json');
    writeFileSync(join(projectDir, 'cdk.json'), '{');
    await expect(run()).rejects.toThrow(`${join(projectDir, 'cdk.json')}: `);
    writeFileSync(join(projectDir, 'cdk.json'), '{"context":{}}');
    await expect(run()).rejects.toThrow('"app" has to be the command that runs the app');
    writeFileSync(join(projectDir, 'cdk.json'), '["node app.cjs"]');
    await expect(run()).rejects.toThrow(`${join(projectDir, 'cdk.json')} has to hold an object`);
    project('', { context: ['environment'] });
    await expect(run()).rejects.toThrow('"context" has to be an object');
    project('');
    writeFileSync(join(projectDir, 'cdk.context.json'), 'null');
    await expect(run()).rejects.toThrow(`${join(projectDir, 'cdk.context.json')} has to hold an object`);
  });
});
