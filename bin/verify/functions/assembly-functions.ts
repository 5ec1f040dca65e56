import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A function of a cloud assembly, with the folder of its code. */
export interface AssemblyFunction {
  /** The template's file. */
  readonly template: string;
  readonly logicalId: string;
  /** What Lambda unpacks for it. */
  readonly folder: string;
  /** The module of its handler and the name that it exports, as in `index.handler`. */
  readonly handler: string;
  /** Its environment as the template declares it: texts, and what is known at deployment only. */
  readonly variables: ReadonlyMap<string, unknown>;
}

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown() })).default({}),
});

const functionSchema = z.looseObject({
  Handler: z.string(),
  Code: z.looseObject({ S3Key: z.string() }),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()).default({}) }).optional(),
});

const assetsSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

const TEMPLATE = '.template.json';

/**
 * Every function of every template of an assembly.
 * @throws {Error} where a function's code is in no list of assets
 */
export function functionsOf(assemblyDir: string): readonly AssemblyFunction[] {
  const templates = readdirSync(assemblyDir).filter((file) => file.endsWith(TEMPLATE));
  return templates.flatMap((template) => {
    const { Resources } = templateSchema.parse(readJson(join(assemblyDir, template)));
    const functions = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
    if (functions.length === 0) return [];
    const folders = foldersByKey(assemblyDir, template.replace(TEMPLATE, '.assets.json'));
    return functions.map(([logicalId, { Properties }]) => {
      const { Handler, Code, Environment } = functionSchema.parse(Properties);
      const folder = folders.get(Code.S3Key);
      if (folder === undefined)
        throw new Error(`${template}: the code of ${logicalId}, ${Code.S3Key}, is no asset`);
      const variables = new Map(Object.entries(Environment?.Variables ?? {}));
      return { template, logicalId, folder, handler: Handler, variables };
    });
  });
}

/** Where the files lie that a stack ships, by their keys in the bucket. */
function foldersByKey(assemblyDir: string, assets: string): ReadonlyMap<string, string> {
  const { files } = assetsSchema.parse(readJson(join(assemblyDir, assets)));
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(
        ({ objectKey }) => [objectKey, join(assemblyDir, source.path)] as const,
      ),
    ),
  );
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
