import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { LocalResource } from '../template/resource-types.ts';

export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
}

const properties = z.looseObject({
  Value: z.string().min(20).optional(),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(false),
});

const stored = z.record(z.string(), z.string());

/** Characters of a key that API Gateway makes up. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const KEY_LENGTH = 40;

/**
 * The API keys of the templates. A value that the template does not give is made up once and kept in the data
 * directory, so that a client's key outlives a restart.
 * @throws {Error} where the kept values can't be read, or a template's value is shorter than API Gateway allows
 */
export function loadApiKeys(resources: readonly LocalResource[], dataDir: string): readonly ApiKey[] {
  const file = join(dataDir, 'apigateway', 'api-keys.json');
  const values = readStored(file);
  let changed = false;
  const keys = resources.map((resource) => {
    const parsed = properties.safeParse(resource.properties);
    if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
    const name = `${resource.stack}/${resource.logicalId}`;
    let value = parsed.data.Value ?? values[name];
    if (value === undefined) {
      value = randomKey();
      values[name] = value;
      changed = true;
    }
    return { id: resource.ref, value, enabled: parsed.data.Enabled };
  });
  if (changed) writeStored(file, values);
  return keys;
}

function readStored(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} does not hold API keys: delete it to have new ones made`);
  }
}

/** Written beside and renamed over: a kill in between leaves the old file. */
function writeStored(file: string, values: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

function randomKey(): string {
  // Bytes beyond the last whole multiple of the alphabet are left out, so that every character is equally likely.
  const usable = 256 - (256 % ALPHABET.length);
  let key = '';
  while (key.length < KEY_LENGTH) {
    for (const byte of randomBytes(KEY_LENGTH)) {
      if (byte < usable && key.length < KEY_LENGTH) key += ALPHABET[byte % ALPHABET.length];
    }
  }
  return key;
}
