import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionsOf } from '../../bin/verify/functions/assembly-functions.ts';
import { synthesizeWithCli } from '../../bin/verify/templates/cli-assembly.ts';
import { ROOT, synthesize } from '../e2e/assembly.ts';
import { clientOf } from '../e2e/client.ts';
import { goldenCases, skewOneByOne } from '../e2e/golden.ts';
import { startProcess } from '../e2e/process.ts';
import { copyWhole } from './whole-copy.ts';

/** A path as people have them: with spaces, and letters outside ASCII. */
const PROJECT = join(ROOT, 'build', 'wide', 'Müllers Äcker 畑', 'my furrow');

const HUNDRED_DAYS_MS = 100 * 24 * 3600 * 1000;

beforeAll(() => copyWhole(PROJECT));
afterAll(() => rmSync(join(ROOT, 'build', 'wide'), { recursive: true, force: true }));

/** Runs the project's CDK CLI, as `npx cdk synth` does. */
function cdkSynth(cwd: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  execFileSync(join(PROJECT, 'node_modules/.bin/cdk'), ['synth', '--quiet', ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
}

/** `npm start -- --app DIR` in the project: what of each model's golden predictions it answers wrongly. */
async function wrongAnswers(app: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'furrow-wide-'));
  const server = startProcess(['--app', app, '--data-dir', dataDir, '--port', '0'], PROJECT);
  try {
    const wrong = new Map<string, readonly string[]>();
    for (const model of (await server.ready).models)
      wrong.set(
        model.name,
        await skewOneByOne(clientOf(model), goldenCases(model.name).slice(0, CASES_OF_EACH)),
      );
    return wrong;
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Of each model. What all of them answer, the end-to-end tests know; here it is whether the functions run. */
const CASES_OF_EACH = 3;

const NOTHING_WRONG = new Map(readdirSync(join(ROOT, 'models')).map((model) => [model, []]));

describe.each(['dev', 'prod'])('what `npx cdk synth` writes of %s', (environment) => {
  const context = ['-c', `environment=${environment}`];

  it('predicts with every model, in the folder of its default, over an older version', async () => {
    const out = join(PROJECT, 'cdk.out');
    rmSync(out, { recursive: true, force: true });
    const source = join(PROJECT, 'contract/index.ts');
    const text = readFileSync(source);
    appendFileSync(source, '\nexport const OLDER = true;\n');
    cdkSynth(PROJECT, context);
    writeFileSync(source, text);
    const older = assetsOf(out);
    // And one of this version whose writing was cut off.
    cpSync(synthesize(PROJECT, join(PROJECT, 'build/whole'), { environment }), out, { recursive: true });
    const { folder } = functionsOf(out).find(({ logicalId }) => logicalId.includes('predict')) ?? {};
    if (folder === undefined) throw new Error('no function predicts');
    rmSync(join(folder, 'zod.mjs'));
    writeFileSync(join(out, 'manifest.json'), '{');

    cdkSynth(PROJECT, context);

    const left = assetsOf(out);
    expect(older.filter((asset) => left.includes(asset))).not.toEqual([]);
    expect(await wrongAnswers('cdk.out')).toEqual(NOTHING_WRONG);
  });

  it('predicts with every model, synthesized in a folder below the project, into one named from there', async () => {
    const below = join(PROJECT, 'docs');
    cdkSynth(below, [...context, '--app', 'node --import tsx ../bin/app.ts', '--output', '../out here']);

    expect(await wrongAnswers('out here')).toEqual(NOTHING_WRONG);
  });

  it('is the same in another folder, on another day, in another time zone, as what `npm start` runs', async () => {
    const here = mkdtempSync(join(tmpdir(), 'furrow-here-'));
    await synthesizeWithCli({ root: ROOT, environment, outdir: here });
    const laterDay = join(PROJECT, 'later.mjs');
    writeFileSync(
      laterDay,
      `const { now } = Date;
       globalThis.Date = class extends Date {
         constructor(...of) { super(...(of.length === 0 ? [now() + ${HUNDRED_DAYS_MS}] : of)); }
         static now() { return now() + ${HUNDRED_DAYS_MS}; }
       };`,
    );
    const there = join(PROJECT, 'there');
    rmSync(there, { recursive: true, force: true });
    cdkSynth(PROJECT, [...context, '--output', 'there'], {
      NODE_OPTIONS: `--import ${pathToFileURL(laterDay).href}`,
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
    });
    const started = synthesize(PROJECT, join(PROJECT, 'build/started'), { environment });

    const expected = shipped(here);
    expect(expected.size).toBeGreaterThan(10);
    expect(shipped(there)).toEqual(expected);
    expect(shipped(started)).toEqual(expected);
    rmSync(here, { recursive: true });
  });
});

function assetsOf(assemblyDir: string): readonly string[] {
  return readdirSync(assemblyDir).filter((name) => name.startsWith('asset.'));
}

/**
 * What a deployment takes of an assembly: templates, lists of assets, and the assets, by the hashes of their bytes. What
 * remains is the CLI's own.
 */
function shipped(assemblyDir: string): ReadonlyMap<string, string> {
  const files = readdirSync(assemblyDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(assemblyDir.length + 1))
    .filter((path) => /^asset\.|\.(template|assets)\.json$/.test(path))
    .sort();
  const sha256 = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(assemblyDir, path)))
      .digest('hex');
  return new Map(files.map((path) => [path, sha256(path)]));
}
