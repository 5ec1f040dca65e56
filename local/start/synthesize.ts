import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

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
}

/** What the CDK CLI adds to every app's context; the paths name resources in messages. */
const CLI_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/**
 * Runs the app of cdk.json as the CDK CLI would, without the time that the CLI itself takes to start.
 * The environment's account and region are left open: the local cloud is no account of AWS.
 * @throws {SynthesisFailed} where cdk.json or cdk.context.json is not as expected, or the app fails
 */
export async function synthesize(options: SynthesisOptions): Promise<void> {
  const { projectDir, outDir, context, signal } = options;
  const { app, context: fileContext } = readConfiguration(projectDir);
  const merged = { ...CLI_CONTEXT, ...fileContext, ...lookedUpContext(projectDir), ...context };
  const { CDK_DEFAULT_ACCOUNT: _account, CDK_DEFAULT_REGION: _region, ...inherited } = process.env;
  const child = spawn(app, {
    cwd: projectDir,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      PATH: [join(projectDir, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
      CDK_OUTDIR: outDir,
      CDK_CONTEXT_JSON: JSON.stringify(merged),
    },
    ...(signal !== undefined && { signal }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new SynthesisFailed(`${app} can't be run: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new SynthesisFailed(`${app} ended with status ${code}\n${output.trim()}`));
    });
  });
}

function readConfiguration(projectDir: string): Configuration {
  const file = join(projectDir, 'cdk.json');
  if (!existsSync(file))
    throw new SynthesisFailed(`${projectDir} has no cdk.json: run this in the project's folder`);
  const { app, context = {} } = readRecord(file);
  if (typeof app !== 'string')
    throw new SynthesisFailed(`${file}: "app" has to be the command that runs the app`);
  if (!isRecord(context)) throw new SynthesisFailed(`${file}: "context" has to be an object`);
  return { app, context };
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
