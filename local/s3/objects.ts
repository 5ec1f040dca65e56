import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ObjectSummary, StoredObject } from './service.ts';

const summarySchema = z.strictObject({
  key: z.string(),
  contentType: z.string(),
  etag: z.string(),
  size: z.int(),
  lastModified: z.int(),
});

/** Bytes: more than any summary has. Keys have at most 1,024. */
const SUMMARY_LIMIT = 16 * 1024;

const PARTIAL = '.partial-';

/**
 * The objects of one bucket: a file for each, which holds the summary as its first line and the content behind it. A file
 * takes its place whole, so that what is there after a crash is what was there before it or what was put.
 */
export class BucketObjects {
  readonly #folder: string;
  readonly #summaries: Map<string, ObjectSummary>;

  private constructor(folder: string, summaries: readonly ObjectSummary[]) {
    this.#folder = folder;
    this.#summaries = new Map(summaries.map((summary) => [summary.key, summary]));
  }

  /** Opens a bucket with what an earlier run left in it. @throws {Error} where a file in it is none of an object */
  static async open(folder: string): Promise<BucketObjects> {
    mkdirSync(folder, { recursive: true });
    const summaries: ObjectSummary[] = [];
    for (const name of readdirSync(folder)) {
      // A put that a crash broke off was never answered.
      if (name.startsWith(PARTIAL)) await rm(join(folder, name));
      else summaries.push(await readSummary(join(folder, name)));
    }
    return new BucketObjects(folder, summaries);
  }

  async put(key: string, body: Buffer, contentType: string, lastModified: number): Promise<ObjectSummary> {
    const etag = createHash('md5').update(body).digest('hex');
    const summary: ObjectSummary = { key, contentType, etag, size: body.length, lastModified };
    const partial = join(this.#folder, `${PARTIAL}${randomUUID()}`);
    await writeFile(partial, Buffer.concat([Buffer.from(`${JSON.stringify(summary)}\n`), body]));
    await rename(partial, this.#fileOf(key));
    this.#summaries.set(key, summary);
    return summary;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const summary = this.#summaries.get(key);
    if (summary === undefined) return undefined;
    const content = await readFile(this.#fileOf(key));
    return { ...summary, body: content.subarray(content.indexOf('\n') + 1) };
  }

  async delete(key: string): Promise<void> {
    if (this.#summaries.delete(key) && existsSync(this.#fileOf(key))) await rm(this.#fileOf(key));
  }

  /** In the order of their keys' bytes, as S3 lists them. */
  list(prefix: string): readonly ObjectSummary[] {
    return [...this.#summaries.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  /** A key may be longer than a file's name, and may hold whatever a file's name may not. */
  #fileOf(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex'));
  }
}

async function readSummary(path: string): Promise<ObjectSummary> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SUMMARY_LIMIT), 0, SUMMARY_LIMIT, 0);
    const head = buffer.subarray(0, bytesRead);
    return summarySchema.parse(JSON.parse(head.subarray(0, head.indexOf('\n')).toString('utf8')));
  } catch (error) {
    throw new Error(`${path} is not an object of a bucket: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}
