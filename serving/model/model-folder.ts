import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const describedSchema = z.strictObject({
  name: z.string().min(1).default('model'),
  version: z.string().min(1).optional(),
  /** 1 for a model whose axis 0 is not a batch of independent rows. */
  maxBatchRows: z.int().min(1).optional(),
});

/** What a model folder holds: `model.onnx`, and optionally `model.json` and `warmup.json`. */
export interface ModelFolder {
  readonly file: string;
  readonly name: string;
  readonly version?: string;
  readonly maxBatchRows?: number;
  /** An inference request (Open Inference Protocol JSON) that must be answered before the server is ready. */
  readonly warmup?: string;
}

/**
 * Reads a model folder's descriptions, not the model itself.
 *
 * @throws Error if model.json is not one, naming what is wrong
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const described = await readOptional(join(folder, 'model.json'));
  const parsed = describedSchema.safeParse(described === undefined ? {} : parseJson(described));
  if (!parsed.success) throw new Error(`model.json is not usable: ${z.prettifyError(parsed.error)}`);
  const { name, version, maxBatchRows } = parsed.data;
  const warmup = await readOptional(join(folder, 'warmup.json'));
  return {
    file: join(folder, 'model.onnx'),
    name,
    ...(version !== undefined && { version }),
    ...(maxBatchRows !== undefined && { maxBatchRows }),
    ...(warmup !== undefined && { warmup }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('model.json is not valid JSON', { cause: error });
  }
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
