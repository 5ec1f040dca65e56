// NODE_PATH stands in for what an image installs. Node reads it for require() only, so an import that finds nothing
// is looked up there too.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const BARE = /^(?!\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i;

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !BARE.test(specifier)) throw error;
    const found = fromNodePath(specifier);
    if (found === undefined) throw error;
    return { url: pathToFileURL(found).href, shortCircuit: true };
  }
}

function fromNodePath(specifier) {
  try {
    return require.resolve(specifier);
  } catch {
    return undefined;
  }
}
