import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LocalLog } from './plugin/log.ts';

/** Where messages for the person at the terminal go. */
export type Terminal = Pick<LocalLog, 'info' | 'warn'>;

/** Standard error, so that standard output stays free for machine-readable output. */
export const standardErrorTerminal: Terminal = {
  info: (message) => process.stderr.write(`${message}\n`),
  warn: (message) => process.stderr.write(`warning: ${message}\n`),
};

/** Log groups as files under `logs/`, one folder for each slash in a group's name. */
export class FileLog implements LocalLog {
  readonly #directory: string;
  readonly #terminal: Terminal;
  readonly #streams = new Map<string, WriteStream>();
  #closed = false;

  constructor(dataDir: string, terminal: Terminal) {
    this.#directory = join(dataDir, 'logs');
    this.#terminal = terminal;
  }

  group(logGroup: string, line: string): void {
    // A dying process may still print while everything closes; its last words have nowhere to go.
    if (this.#closed) return;
    this.#stream(logGroup).write(line.endsWith('\n') ? line : `${line}\n`);
  }

  info(message: string): void {
    this.#terminal.info(message);
  }

  warn(message: string): void {
    this.#terminal.warn(message);
  }

  /** Flushes and closes every file. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#streams.values()].map((stream) => new Promise<void>((done) => stream.end(done))),
    );
    this.#streams.clear();
  }

  #stream(logGroup: string): WriteStream {
    const open = this.#streams.get(logGroup);
    if (open !== undefined) return open;
    const file = join(this.#directory, logFile(logGroup));
    mkdirSync(dirname(file), { recursive: true });
    const stream = createWriteStream(file, { flags: 'a' });
    stream.on('error', (error) =>
      this.#terminal.warn(`log group ${logGroup} can't be written: ${error.message}`),
    );
    this.#streams.set(logGroup, stream);
    return stream;
  }
}

/** The file of a log group below `logs/`; a segment that a file system would misread is percent-encoded. */
export function logFile(logGroup: string): string {
  const segments = logGroup.split('/').filter((segment) => segment !== '');
  return `${segments.map(safeSegment).join('/')}.log`;
}

function safeSegment(segment: string): string {
  return /^\.+$/.test(segment) ? segment.replaceAll('.', '%2E') : encodeURIComponent(segment);
}
