import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
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

const RECORD = `require('fs').writeFileSync('seen.json', JSON.stringify({
  context: JSON.parse(process.env.CDK_CONTEXT_JSON), outDir: process.env.CDK_OUTDIR,
  region: process.env.CDK_DEFAULT_REGION ?? null, account: process.env.CDK_DEFAULT_ACCOUNT ?? null }))`;

describe('synthesize', () => {
  test('runs the app with its context, the command line before the files', async () => {
    vi.stubEnv('CDK_DEFAULT_REGION', 'eu-west-1');
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '123456789012');
    project(RECORD, { context: { environment: 'dev', size: 3 } });
    writeFileSync(join(projectDir, 'cdk.context.json'), '{"zones":["a"]}');

    await synthesize({ projectDir, outDir: '/out', context: { environment: 'prod' } });

    expect(JSON.parse(readFileSync(join(projectDir, 'seen.json'), 'utf8'))).toEqual({
      outDir: '/out',
      region: null,
      account: null,
      context: {
        'aws:cdk:enable-path-metadata': true,
        'aws:cdk:enable-asset-metadata': true,
        'aws:cdk:bundling-stacks': ['**'],
        environment: 'prod',
        size: 3,
        zones: ['a'],
      },
    });
  });

  test('says what a failing app wrote', async () => {
    project('console.log("on stdout"); console.error("no such model"); process.exit(3)');

    const failure = synthesize({ projectDir, outDir: '/out', context: {} });

    await expect(failure).rejects.toThrow(SynthesisFailed);
    await expect(failure).rejects.toThrow(
      /ended with status 3\n(on stdout\nno such model|no such model\non stdout)$/,
    );
  });

  test('is ended by its signal', async () => {
    project('require("fs").writeFileSync("started", ""); setInterval(() => {}, 1000)');
    const abort = new AbortController();

    const failure = synthesize({ projectDir, outDir: '/out', context: {}, signal: abort.signal });
    await Promise.all([
      expect(failure).rejects.toThrow(SynthesisFailed),
      vi
        .waitFor(() => expect(existsSync(join(projectDir, 'started'))).toBe(true), 5000)
        .then(() => abort.abort()),
    ]);
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
