import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseOptions } from '../../../local/start/options.ts';
import type { Reporter } from '../../../local/start/report.ts';
import { Session } from '../../../local/start/session.ts';
import { synthesize } from '../lambda/fixture.ts';
import { modelStack } from './model-fixture.ts';

/**
 * An app that copies the assembly that bin/source.txt names, or fails where it says so. While it does, next.txt takes the place
 * of bin/source.txt, where there is one.
 */
const APP = `
const { cpSync, existsSync, readFileSync, renameSync } = require('node:fs');
const source = readFileSync('bin/source.txt', 'utf8');
if (existsSync('next.txt')) renameSync('next.txt', 'bin/source.txt');
if (source === 'broken') { console.error('bin/source.txt is broken'); process.exit(1); }
cpSync(source, process.env.CDK_OUTDIR, { recursive: true });
`;

let assemblies: readonly string[];
let projectDir: string;
let events: string[];
let session: Session | undefined;

beforeAll(async () => {
  assemblies = [await synthesize(modelStack('oats')), await synthesize(modelStack('rye'))];
});

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'furrow-test-session-'));
  mkdirSync(join(projectDir, 'bin'));
  writeFileSync(join(projectDir, 'app.cjs'), APP);
  writeFileSync(join(projectDir, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.cjs` }));
  events = [];
});

afterEach(async () => {
  await session?.stop();
  session = undefined;
});

const source = (text: string) => writeFileSync(join(projectDir, 'bin', 'source.txt'), text);

function newSession(...argv: string[]): Session {
  const reporter: Reporter = {
    ready: ({ models }) =>
      events.push(`ready ${models.map((one) => `${one.name} ${new URL(one.url).port}`)}`),
    request: ({ path }) => events.push(`request ${path}`),
    rebuilding: () => events.push('rebuilding'),
    rolledBack: (reason) => events.push(`rolled back: ${reason}`),
    stopped: () => events.push('stopped'),
  };
  const terminal = { info: () => undefined, warn: (message: string) => void events.push(message) };
  session = new Session(parseOptions(['--port', '0', ...argv]), projectDir, reporter, terminal);
  return session;
}

describe('a session', () => {
  test('synthesizes the app and runs it until it is stopped', async () => {
    source(assemblies[0] ?? '');
    await newSession().start();
    await session?.stop();
    session = undefined;

    expect(events).toEqual([expect.stringMatching(/^ready oats \d+$/), 'stopped']);
  });

  test('says why the first synthesis failed', async () => {
    source('broken');

    await expect(newSession().start()).rejects.toThrow(/ended with status 1\nbin\/source\.txt is broken$/);
  });

  test('watching, deploys a change and keeps running while the source is broken', async () => {
    source(assemblies[0] ?? '');
    await newSession('--watch').start();
    const [, , port] = (events[0] ?? '').split(' ');

    source('broken');
    await vi.waitFor(() => expect(events.at(-1)).toContain('bin/source.txt is broken'), { timeout: 10_000 });
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);

    source(assemblies[1] ?? '');
    await vi.waitFor(() => expect(events.at(-1)).toBe(`ready rye ${port}`), { timeout: 10_000 });
    expect(events.filter((one) => one === 'rebuilding')).toHaveLength(2);
  });

  test('watching, deploys what was changed during the start', async () => {
    source(assemblies[0] ?? '');
    writeFileSync(join(projectDir, 'next.txt'), assemblies[1] ?? '');
    await newSession('--watch').start();

    await vi.waitFor(() => expect(events.at(-1)).toMatch(/^ready rye/), { timeout: 10_000 });
    expect(events).toEqual([expect.stringMatching(/^ready oats/), 'rebuilding', events.at(-1)]);
  });
});
