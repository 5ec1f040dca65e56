import type { Config } from './config.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Fields of a log line. Never values of a payload. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes one JSON object a line. */
export type Log = (level: Config['logLevel'], message: string, fields?: LogFields) => void;

/** A log that leaves out what is below `minimum`. `now` is in milliseconds since the epoch. */
export function createLog(
  minimum: Config['logLevel'],
  write: (line: string) => void,
  now: () => number,
): Log {
  return (level, message, fields) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(minimum)) return;
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields })}\n`);
  };
}
