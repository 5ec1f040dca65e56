import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

/** The folder that holds the project; files and folders below are named from there. */
export const ROOT = join(import.meta.dirname, '../..');

/** Folders that git ignores. */
const GENERATED = ['node_modules', 'cdk.out', 'build', 'coverage'];

/** One module that a file names. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** A file of the project that another one imports. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The folders at the top that hold code. */
export function foldersWithCode(): readonly string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !GENERATED.includes(entry.name))
    .map((entry) => entry.name)
    .filter((name) => filesOf(name).length > 0);
}

/** Everything that the files of a folder import, at any depth. */
export function importsOf(folder: string): readonly Import[] {
  return filesOf(folder).flatMap((file) =>
    specifiersOf(file, readFileSync(join(ROOT, file), 'utf8')).map((specifier) => ({ file, specifier })),
  );
}

/** The imports that name files of the project. */
export function edgesOf(imports: readonly Import[]): readonly Edge[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ file, specifier }) => ({ from: file, to: join(dirname(file), specifier) }));
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'));
}

/** Every module that a source names, in whatever form. @throws {Error} where it can't be parsed */
export function specifiersOf(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found: string[] = [];
  visit(program, (node) => {
    const named = [node.source, node.argument].find(isStringLiteral);
    if (/^(Import|Export|TSImportType)/.test(node.type) && named !== undefined) found.push(named.value);
    const { callee, arguments: [first] = [] } = node as { callee?: { name?: string }; arguments?: unknown[] };
    if (node.type === 'CallExpression' && callee?.name === 'require' && isStringLiteral(first))
      found.push(first.value);
    // `declare module './a.ts'` adds to what that module declares.
    if (node.type === 'TSModuleDeclaration' && isStringLiteral(node.id)) found.push(node.id.value);
  });
  return found;
}

interface AstNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

function visit(value: unknown, onNode: (node: AstNode) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, onNode);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') onNode(value as AstNode);
    for (const child of Object.values(value)) visit(child, onNode);
  }
}

function isStringLiteral(value: unknown): value is { readonly value: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as AstNode).type === 'Literal' &&
    typeof (value as AstNode).value === 'string'
  );
}
