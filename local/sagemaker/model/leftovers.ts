import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The process ids of running model servers, on disk, so that the next start can end what a killed one left behind.
 * Servers end by themselves when their cloud is gone; this is for one that hangs in its own code and can't.
 */
export class ProcessRecord {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'pids', 'sagemaker');
    mkdirSync(this.#folder, { recursive: true });
  }

  add(pid: number): void {
    writeFileSync(this.#file(pid), '');
  }

  remove(pid: number): void {
    rmSync(this.#file(pid), { force: true });
  }

  /**
   * Ends what an earlier run recorded and left.
   * @param marker what the command line of a server holds: a process without it only has the same number by now
   * @returns the ids of the processes that were ended
   */
  reap(marker: string): readonly number[] {
    const ended: number[] = [];
    for (const pid of readdirSync(this.#folder).map(Number)) {
      if (commandLine(pid).includes(marker)) {
        process.kill(pid, 'SIGKILL');
        ended.push(pid);
      }
      this.remove(pid);
    }
    return ended;
  }

  #file(pid: number): string {
    return join(this.#folder, String(pid));
  }
}

/** The command line of a process, or an empty text where there is none. */
function commandLine(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  try {
    if (existsSync('/proc/self/cmdline'))
      return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    // ps fails, and the file is gone, where the process has ended meanwhile.
    return '';
  }
}
