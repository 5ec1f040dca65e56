import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { edgesOf, foldersWithCode, importsOf, specifiersOf } from './support/imports.ts';

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
  bin: { folders: ['contract', 'lib', 'models', 'serving'] },
  local: { folders: [] },
  bench: { folders: [] },
};

describe.each(Object.entries(ARROWS))('%s', (folder, { folders, packages }) => {
  const imports = importsOf(folder);

  it('imports from the folders that its arrows point to, and from no others', () => {
    const outside = edgesOf(imports).filter(({ to }) => {
      const [top = ''] = to.split('/');
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
    const withCode = foldersWithCode();

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
       const h = require('./h.cjs');
       declare module './i.ts' {}`,
    );

    expect(found.sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'i']
        .map((name) => `./${name}.ts`)
        .concat('./h.cjs')
        .sort(),
    );
  });
});

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
