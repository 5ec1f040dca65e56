import { type BatchObjects, ObjectChanged } from '../../../lambda/batch/objects.ts';

/** The objects of a batch bucket in memory; `log` tells what was done to them, in order. */
export function memoryObjects(files: Readonly<Record<string, string>> = {}) {
  const content = new Map(Object.entries(files));
  const log: string[] = [];
  const etagOf = (key: string) => `etag of ${content.get(key)?.length}`;
  const objects: BatchObjects = {
    async *list(prefix, after = '') {
      const keys = [...content.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      for (const key of keys)
        yield { key, size: Buffer.byteLength(content.get(key) ?? ''), etag: etagOf(key) };
    },
    read: async ({ key, etag }, offset) => {
      log.push(`read ${key} from ${offset}`);
      if (etag !== etagOf(key)) throw new ObjectChanged(`${key} was changed`);
      const bytes = Buffer.from(content.get(key) ?? '').subarray(offset);
      return (async function* () {
        yield bytes;
      })();
    },
    get: async (key) => {
      const found = content.get(key);
      if (found === undefined) throw new Error(`NoSuchKey: ${key}`);
      return found;
    },
    put: async (key, body) => {
      log.push(`put ${key}`);
      content.set(key, body);
    },
    uri: (key) => `s3://bucket/${key}`,
  };
  return { objects, content, log };
}

/** A deadline that is over after so many looks at it. */
export function looks(count: number) {
  let left = count;
  return {
    remainingMs: () => {
      left -= 1;
      return left >= 0 ? 1000 : 0;
    },
  };
}

export const ENOUGH_TIME = { remainingMs: () => 600_000 };
