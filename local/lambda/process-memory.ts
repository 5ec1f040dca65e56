import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process in bytes, now and at its highest. */
export interface ResidentMemory {
  readonly current: number;
  readonly peak: number;
}

/**
 * What a process keeps in memory; undefined once it has ended.
 * Linux knows the peak; elsewhere it is the current value of `ps`.
 */
export function residentMemory(pid: number): ResidentMemory | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** How often a running function is looked at: reading /proc costs microseconds, starting `ps` milliseconds. */
export const MEMORY_SAMPLE_MS = process.platform === 'linux' ? 50 : 500;

function fromProc(pid: number): ResidentMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const current = kilobytes(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  const peak = kilobytes(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]);
  return current === undefined || peak === undefined ? undefined : { current, peak };
}

function fromPs(pid: number): ResidentMemory | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  const current = status === 0 ? kilobytes(stdout.trim()) : undefined;
  return current === undefined ? undefined : { current, peak: current };
}

function kilobytes(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text) * 1024;
}
