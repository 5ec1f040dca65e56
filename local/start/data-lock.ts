import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../core/wire/parse-json.ts';

/** Another local cloud uses the data directory. */
export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse';

  constructor(dataDir: string, pid: number) {
    super(
      `${dataDir} is in use by another local cloud (process ${pid}): stop it, or choose another with --data-dir`,
    );
  }
}

const holder = z.object({ pid: z.number(), startedAt: z.string() });

/**
 * Takes the data directory for this process; the answer gives it back.
 * A lock whose process was killed is taken over. A process is known by its id and its start, as ids are used again.
 * @throws {DataDirInUse} where another process has it
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = livingHolder(file);
      if (pid !== undefined || attempt > 0) throw new DataDirInUse(dataDir, pid ?? process.pid);
      rmSync(file, { force: true });
    }
  }
}

/** The id of the process that holds a lock, or undefined where it is gone or the file says nothing. */
function livingHolder(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const parsed = holder.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { pid, startedAt } = parsed.data;
  return startOf(pid) === startedAt ? pid : undefined;
}

/** When a process started, in whatever form the system gives it; empty where there is no such process. */
function startOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name is in parentheses and may hold anything; the start time is the 20th field after it.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
