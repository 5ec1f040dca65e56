import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';

/** The app can't be synthesized; the message holds what it wrote. */
export class SynthesisFailed extends Error {
  override readonly name = 'SynthesisFailed';
}

export interface SynthesisOptions {
  /** The folder of cdk.json. */
  readonly projectDir: string;
  /** Where the cloud assembly goes. */
  readonly outDir: string;
  /** Context of the command line, which comes before that of the files. */
  readonly context: Readonly<Record<string, string>>;
  /** Ends the synthesis. */
  readonly signal?: AbortSignal;
}

/** What of cdk.json matters here. Checked by hand: a schema's library takes as long to load as the app to start. */
interface Configuration {
  readonly app: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly versionReporting: boolean;
}

/** What the CDK CLI adds to every app's context; the paths name resources in messages. */
const CLI_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:bundling-stacks': ['**'],
  '@aws-cdk/core:failSynthOnValidationErrors': false,
};

/** The app of a project as a command, and what it is run with. */
export interface AppCommand {
  /** For a shell. */
  readonly app: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * How the CDK CLI runs the app of cdk.json. The environment's account and region are left open: the local cloud is no account
 * of AWS.
 * @throws {SynthesisFailed} where cdk.json or cdk.context.json is not as expected
 */
export function appCommand({ projectDir, outDir, context }: Omit<SynthesisOptions, 'signal'>): AppCommand {
  const { app, context: fileContext, versionReporting } = readConfiguration(projectDir);
  const reporting = `aws:cdk:${versionReporting ? '' : 'disable-'}version-reporting`;
  const lookedUp = lookedUpContext(projectDir);
  const merged = { ...CLI_CONTEXT, [reporting]: true, ...fileContext, ...lookedUp, ...context };
  const { CDK_DEFAULT_ACCOUNT: _account, CDK_DEFAULT_REGION: _region, ...inherited } = process.env;
  return {
    app,
    cwd: projectDir,
    env: {
      ...inherited,
      PATH: [join(projectDir, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
      // The CLI names the folder from where it is called, and so what it makes has to come of that too.
      CDK_OUTDIR: relative(projectDir, outDir) || '.',
      CDK_CONTEXT_JSON: JSON.stringify(merged),
    },
  };
}

/**
 * Runs the app of cdk.json as the CDK CLI would, without the time that the CLI itself takes to start.
 * @throws {SynthesisFailed} where cdk.json or cdk.context.json is not as expected, or the app fails
 */
export async function synthesize({ signal, ...options }: SynthesisOptions): Promise<void> {
  const { app, cwd, env } = appCommand(options);
  // A group of its own, so that its signal ends the app too: of a shell alone, the app would be left running.
  const child = spawn(app, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = (): void => endGroup(child);
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new SynthesisFailed(`${app} can't be run: ${error.message}`)));
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end);
      if (code === 0) resolve();
      else reject(new SynthesisFailed(`${app} ended with status ${code}\n${output.trim()}`));
    });
  });
}

function readConfiguration(projectDir: string): Configuration {
  const file = join(projectDir, 'cdk.json');
  if (!existsSync(file))
    throw new SynthesisFailed(`${projectDir} has no cdk.json: run this in the project's folder`);
  const { app, context = {}, versionReporting } = readRecord(file);
  if (typeof app !== 'string')
    throw new SynthesisFailed(`${file}: "app" has to be the command that runs the app`);
  if (!isRecord(context)) throw new SynthesisFailed(`${file}: "context" has to be an object`);
  return { app, context, versionReporting: versionReporting !== false };
}

/** What earlier look-ups found (cdk.context.json), if anything. */
function lookedUpContext(projectDir: string): Readonly<Record<string, unknown>> {
  const file = join(projectDir, 'cdk.context.json');
  return existsSync(file) ? readRecord(file) : {};
}

function readRecord(file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SynthesisFailed(`${file}: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw new SynthesisFailed(`${file} has to hold an object`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ends a process and those that it has started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
