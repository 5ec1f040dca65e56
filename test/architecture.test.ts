import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** What each folder may import of the project, and of packages where they are few by design. */
const ARROWS: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly packages?: readonly string[] }>
> = {
  contract: { folders: [], packages: ['zod'] },
  imaging: { folders: ['contract'], packages: ['jpeg-js', 'pngjs'] },
  models: { folders: ['contract', 'imaging'], packages: ['zod'] },
  lambda: {
    folders: ['contract', 'models'],
    packages: [
      'zod',
      'ulid',
      'onnxruntime-web',
      'jose',
      '@aws-sdk/*',
      '@smithy/*',
      '@aws-lambda-powertools/*',
      '@types/aws-lambda',
      'aws-lambda',
    ],
  },
  serving: { folders: ['contract'], packages: ['zod', 'onnxruntime-node', 'onnxruntime-common'] },
  lib: { folders: ['contract'] },
  bin: { folders: ['contract', 'lib', 'models'] },
  local: { folders: [] },
  bench: { folders: [] },
};

/** Folders that git ignores. */
const GENERATED = ['node_modules', 'cdk.out', 'build', 'coverage'];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

describe.each(Object.entries(ARROWS))('%s', (folder, { folders, packages }) => {
  const imports = importsOf(folder);

  it('imports from the folders that its arrows point to, and from no others', () => {
    const outside = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ file, specifier }) => ({ file, target: relative(ROOT, join(ROOT, dirname(file), specifier)) }))
      .filter(({ target }) => {
        const [top = ''] = target.split('/');
        return top !== folder && !folders.includes(top);
      });

    expect(outside).toEqual([]);
  });

  if (packages === undefined) return;
  it('imports few packages', () => {
    const others = imports.filter(({ specifier }) => {
      const name = packageOf(specifier);
      return name !== undefined && !packages.some((allowed) => matches(allowed, name));
    });

    expect(others).toEqual([]);
  });
});

describe('the arrows', () => {
  it('are checked in every folder that holds code', () => {
    const withCode = readdirSync(ROOT, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !GENERATED.includes(entry.name),
      )
      .filter((entry) => filesOf(entry.name).length > 0)
      .map((entry) => entry.name);

    expect(withCode.filter((name) => name !== 'test' && !Object.hasOwn(ARROWS, name))).toEqual([]);
  });

  it('see imports of types, dynamic imports and re-exports too', () => {
    const found = specifiersOf(
      'sample.ts',
      `import type { A } from './a.ts';
       import { type B } from './b.ts';
       import './c.ts';
       export type { D } from './d.ts';
       export * from './e.ts';
       const f = await import('./f.ts');
       type G = import('./g.ts').G;
       const h = require('./h.cjs');`,
    );

    expect(found.sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `./${name}.ts`).concat('./h.cjs'),
    );
  });
});

function importsOf(folder: string): readonly Import[] {
  return filesOf(folder).flatMap((file) =>
    specifiersOf(file, readFileSync(join(ROOT, file), 'utf8')).map((specifier) => ({ file, specifier })),
  );
}

function filesOf(folder: string): readonly string[] {
  let entries: readonly import('node:fs').Dirent[];
  try {
    entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'));
}

/** Every module that a source names, in whatever form. */
function specifiersOf(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found: string[] = [];
  visit(program, (node) => {
    const named = [node.source, node.argument].find(isStringLiteral);
    if (/^(Import|Export|TSImportType)/.test(node.type) && named !== undefined) found.push(named.value);
    const { callee, arguments: [first] = [] } = node as { callee?: { name?: string }; arguments?: unknown[] };
    if (node.type === 'CallExpression' && callee?.name === 'require' && isStringLiteral(first))
      found.push(first.value);
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

/** The package of a specifier; undefined for files and for Node's own modules. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || builtinModules.includes(specifier))
    return undefined;
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

function matches(allowed: string, name: string): boolean {
  return allowed.endsWith('/*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed;
}
