import { cp, mkdir, mkdtemp, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StagedAsset } from '../template/assets.ts';
import type { FunctionCode } from './functions.ts';

const PREFIX = 'furrow-lambda-';

/**
 * The folders that functions find themselves in (`/var/task` on AWS).
 * Code is copied out of the project, because Node.js looks for modules in every parent folder: in place, a bundle
 * that forgot a dependency would find it in the project's own node_modules and fail only on AWS.
 */
export class TaskRoots {
  readonly #base: string;
  readonly #findAsset: (key: string) => StagedAsset | undefined;
  readonly #copies = new Map<string, Promise<string>>();

  private constructor(base: string, findAsset: (key: string) => StagedAsset | undefined) {
    this.#base = base;
    this.#findAsset = findAsset;
  }

  static async create(findAsset: (key: string) => StagedAsset | undefined): Promise<TaskRoots> {
    await removeAbandoned();
    return new TaskRoots(await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)), findAsset);
  }

  /**
   * The folder with a function's code, copied at its first use.
   * @throws {Error} where the assembly holds no such code
   */
  folder(code: FunctionCode): Promise<string> {
    if (code.kind === 'not-emulated') return Promise.reject(new Error(code.reason));
    const key = code.kind === 'asset' ? code.key : `inline:${code.source}`;
    const known = this.#copies.get(key);
    if (known !== undefined) return known;
    const target = join(this.#base, String(this.#copies.size));
    const copy = code.kind === 'asset' ? this.#copyAsset(code.key, target) : writeInline(code.source, target);
    this.#copies.set(key, copy);
    return copy;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#copies.values());
    await rm(this.#base, { recursive: true, force: true });
  }

  async #copyAsset(key: string, target: string): Promise<string> {
    const asset = this.#findAsset(key);
    if (asset === undefined) throw new Error(`the assembly holds no asset ${key}: synthesize it again`);
    if (!(await stat(asset.path)).isDirectory())
      throw new Error(`${asset.path} is an archive; only folders run here`);
    await cp(asset.path, target, { recursive: true });
    return target;
  }
}

async function writeInline(source: string, target: string): Promise<string> {
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'index.js'), source);
  return target;
}

/** Ends and deletes what local clouds left behind that were killed before they could. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (!Number.isInteger(pid) || isRunning(pid)) continue;
    const folder = join(tmpdir(), name);
    await endProcessesIn(folder);
    // Another user's folder can't be deleted and does no harm.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Ends the processes that work in a folder. A function notices by itself that its local cloud is gone, except in an
 * endless loop. Linux tells where a process works; elsewhere such a loop has to be ended by hand.
 */
async function endProcessesIn(folder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    // A process that has ended meanwhile, or belongs to somebody else, tells nothing.
    const workingIn = await readlink(`/proc/${entry}/cwd`).catch(() => '');
    if (workingIn.startsWith(`${folder}/`)) process.kill(Number(entry), 'SIGKILL');
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
