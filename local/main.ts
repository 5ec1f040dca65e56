import { inspect, styleText } from 'node:util';
import { parseOptions, type StartOptions, USAGE, UsageError } from './start/options.ts';
import { jsonReporter, textReporter } from './start/report.ts';
import { Session } from './start/session.ts';

/** A stop that takes longer than this is cut short: what is left ends with the process. */
const STOP_LIMIT_MS = 1_800;

const options = readOptions();
const terminal = {
  info: (message: string) => process.stderr.write(`${message}\n`),
  warn: (message: string) => process.stderr.write(`warning: ${message}\n`),
};
const write = (text: string) => process.stdout.write(text);
const bold = (text: string) => (process.stdout.isTTY ? styleText('bold', text) : text);
const reporter = options.json ? jsonReporter(write) : textReporter(write, bold);
const session = new Session(options, process.cwd(), reporter, terminal);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());

try {
  await session.start();
} catch (error) {
  if (!stopping) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

/** Ctrl-C may arrive twice, from the terminal and from npm: the second one changes nothing. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
  await session.stop();
  process.exit(0);
}

/** Errors of the project say what to do; one of the language is a defect, and its stack says where. */
function explain(error: unknown): string {
  const isDefect = !(error instanceof Error) || error instanceof TypeError || error instanceof ReferenceError;
  return isDefect ? inspect(error) : error.message;
}

function readOptions(): StartOptions {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (!parsed.help) return parsed;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
