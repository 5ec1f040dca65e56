import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';

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

const cdkJson = z.looseObject({
  app: z.string(),
  context: z.record(z.string(), z.unknown()).default({}),
});

/** What the CDK CLI adds to every app's context; the paths name resources in messages. */
const CLI_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/**
 * Runs the app of cdk.json as the CDK CLI would, without the time that the CLI itself takes to start.
 * The environment's account and region are left open: the local cloud is no account of AWS.
 * @throws {SynthesisFailed} where cdk.json is missing or not as expected, or the app fails
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

function readConfiguration(projectDir: string): z.infer<typeof cdkJson> {
  const file = join(projectDir, 'cdk.json');
  if (!existsSync(file))
    throw new SynthesisFailed(`${projectDir} has no cdk.json: run this in the project's folder`);
  const parsed = cdkJson.safeParse(readJson(file));
  if (!parsed.success) throw new SynthesisFailed(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What earlier look-ups found (cdk.context.json), if anything. */
function lookedUpContext(projectDir: string): Record<string, unknown> {
  const file = join(projectDir, 'cdk.context.json');
  return existsSync(file) ? z.record(z.string(), z.unknown()).parse(readJson(file)) : {};
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SynthesisFailed(`${file}: ${(error as Error).message}`);
  }
}
