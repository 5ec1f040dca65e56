import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type QueuedRequest, queuedRequestSchema } from './request.ts';

/** A request with the file that holds it. */
export interface BacklogEntry {
  readonly file: string;
  readonly request: QueuedRequest;
}

/** The requests that an endpoint has accepted and not finished, a file for each: they outlive the local cloud. */
export class Backlog {
  readonly #folder: string;
  #last = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** What an earlier run left, in the order in which it was accepted. @throws {Error} where a file holds no request */
  load(): readonly BacklogEntry[] {
    const files = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
    this.#last = Number((files.at(-1) ?? '0').split('.')[0]);
    return files.map((file) => {
      const text = readFileSync(join(this.#folder, file), 'utf8');
      return { file, request: queuedRequestSchema.parse(JSON.parse(text)) };
    });
  }

  async add(request: QueuedRequest): Promise<BacklogEntry> {
    this.#last = Math.max(this.#last + 1, request.receivedAt * 1000);
    const file = `${String(this.#last).padStart(17, '0')}.json`;
    const partial = join(this.#folder, `${file}.partial`);
    await writeFile(partial, JSON.stringify(request));
    await rename(partial, join(this.#folder, file));
    return { file, request };
  }

  async remove({ file }: BacklogEntry): Promise<void> {
    await rm(join(this.#folder, file), { force: true });
  }
}
