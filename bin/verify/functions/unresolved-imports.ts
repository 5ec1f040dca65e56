import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

const PROGRAM = /\.[cm]?js$/;

/**
 * The imports of a folder's programs that neither a file of the folder nor Node itself satisfies, each as
 * `model.mjs imports ./zod.mjs`. What a program computes at run time is not seen.
 */
export function unresolvedImports(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => PROGRAM.test(path))
    .sort()
    .flatMap((path) =>
      specifiersOf(join(folder, path))
        .filter((specifier) => !isBuiltin(specifier) && !isWithin(folder, path, specifier))
        .map((specifier) => `${path.split(sep).join('/')} imports ${specifier}`),
    );
}

function isWithin(folder: string, importer: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return false;
  const target = resolve(folder, dirname(importer), specifier);
  return !relative(folder, target).startsWith('..') && existsSync(target) && statSync(target).isFile();
}

function specifiersOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const { staticImports, staticExports, dynamicImports } = module;
  const reexported = staticExports.flatMap(({ entries }) =>
    entries.map((entry) => entry.moduleRequest?.value),
  );
  const dynamic = dynamicImports.map(({ moduleRequest: { start, end } }) => literal(text.slice(start, end)));
  const named = [...staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reexported, ...dynamic];
  return [...new Set(named.filter((one) => one !== undefined && one !== null))];
}

/** The text of a literal; undefined for whatever is computed. */
function literal(source: string): string | undefined {
  return /^(['"`])([^'"`$\\]*)\1$/.exec(source)?.[2];
}
