import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

interface LeanModule {
  /** The module's file. */
  readonly filter: RegExp;
  /** What stands in its place, as a module beside it. */
  readonly contents: string;
}

/** What packages re-export or reach for whatever is used of them, so that no bundler can see what is not. */
const LEAN: readonly LeanModule[] = [
  {
    // zod's translations of its messages, fifty of them under one name: a third of a function. English is imported apart.
    filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/,
    contents: "export { default as en } from './en.js';",
  },
  {
    // Where credentials may come from: single sign-on, profiles, instance metadata, each with clients of its own. Lambda sets
    // environment variables, for functions that are no snapshots (Lambda developer guide, "Defined runtime environment
    // variables"), as these are not.
    filter: /[\\/]credential-provider-node[\\/]dist-(es|cjs)[\\/]index\.js$/,
    contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
];

/** Leaves out of a bundle what no function can have a use for. */
export function leanPackages(): Plugin {
  return {
    name: 'lean-packages',
    setup(pluginBuild) {
      for (const { filter, contents } of LEAN)
        pluginBuild.onLoad({ filter }, ({ path }) => ({ contents, loader: 'js', resolveDir: dirname(path) }));
    },
  };
}
