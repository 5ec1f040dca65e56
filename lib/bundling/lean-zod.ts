import type { Plugin } from 'esbuild';

/**
 * Leaves zod's translations of its messages out of a bundle. zod re-exports all fifty of them under one name, which no
 * bundler can see through; English, which is used, is imported apart from them. They would be a third of a function.
 */
export function leanZod(): Plugin {
  return {
    name: 'lean-zod',
    setup(pluginBuild) {
      pluginBuild.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({
        contents: "export { default as en } from './en.js';",
        loader: 'js',
      }));
    },
  };
}
