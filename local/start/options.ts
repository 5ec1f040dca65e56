import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface StartOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly watch: boolean;
  readonly json: boolean;
  /** An assembly that is synthesized already; undefined synthesizes the app of cdk.json. */
  readonly assemblyDir: string | undefined;
  /** CDK context from `-c key=value`. */
  readonly context: Readonly<Record<string, string>>;
  readonly help: boolean;
}

/** The command line can't be understood; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: npm start -- [options]

Runs the synthesized app on this computer.

  --port N          port of the APIs (default 3000; 0: any free one)
  --data-dir DIR    where data, logs and API keys are kept (default .furrow)
  --app DIR         run this cloud assembly instead of synthesizing the app of cdk.json
  -c, --context K=V CDK context, as for cdk deploy; may be repeated
  --watch           synthesize and deploy whenever the source changes, without dropping a request
  --json            one JSON object a line on standard output, the first when everything runs
  --help            this text
`;

/** @throws {UsageError} on an option or a value that is not known */
export function parseOptions(argv: readonly string[]): StartOptions {
  const { values } = parse(argv);
  if (values.watch && values.app !== undefined) {
    throw new UsageError('--watch synthesizes the app again, which --app DIR rules out: use one of them');
  }
  return {
    port: parsePort(values.port),
    dataDir: values['data-dir'],
    watch: values.watch,
    json: values.json,
    assemblyDir: values.app,
    context: Object.fromEntries(values.context.map(parseContext)),
    help: values.help,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string', default: '3000' },
        'data-dir': { type: 'string', default: '.furrow' },
        app: { type: 'string' },
        context: { type: 'string', short: 'c', multiple: true, default: [] },
        watch: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}

function parseContext(text: string): [string, string] {
  const separator = text.indexOf('=');
  if (separator < 1) throw new UsageError(`-c takes key=value, not ${text}`);
  return [text.slice(0, separator), text.slice(separator + 1)];
}
