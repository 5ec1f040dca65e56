import type { BuildOptions } from 'esbuild';
import { leanPackages } from './lean-packages.ts';

/** How programs for Node are bundled here, as ES modules that any supported Node runs. */
export function programOptions(root: string) {
  return {
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Packages that also have an ES module form are smaller in it, because unused parts are left out.
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [leanPackages()],
  } as const satisfies BuildOptions;
}

/** Dependencies that are CommonJS inside call `require`, which an ES module has to make for itself. */
export const REQUIRE_BANNER = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};
