import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { userError } from './errors.mjs';

/**
 * Loads the function that a handler string such as `index.handler` or `folder/file.exported.member` names.
 * An ES module's top-level await is part of loading, and so of the init phase.
 * @throws {Error} under Lambda's names: Runtime.MalformedHandlerName, ImportModuleError, UserCodeSyntaxError, HandlerNotFound
 */
export async function loadHandler(taskRoot, handlerName) {
  const match = /^(?<module>(?:.*\/)?[^./][^.]*)\.(?<member>.+)$/.exec(handlerName ?? '');
  if (match === null || match.groups.module.includes('..')) {
    throw userError(
      'Runtime.MalformedHandlerName',
      `'${handlerName}' is not a valid handler name. Use a form such as 'index.handler'.`,
    );
  }
  const exported = await importModule(taskRoot, match.groups.module);
  const handler = match.groups.member.split('.').reduce((object, member) => object?.[member], exported);
  if (typeof handler !== 'function') {
    throw userError('Runtime.HandlerNotFound', `${handlerName} is undefined or not a function`);
  }
  return handler;
}

async function importModule(taskRoot, module) {
  const file = ['.js', '.mjs', '.cjs']
    .map((extension) => join(taskRoot, module + extension))
    .find(existsSync);
  if (file === undefined) {
    throw userError('Runtime.ImportModuleError', `Error: Cannot find module '${module}' in ${taskRoot}`);
  }
  try {
    if (file.endsWith('.mjs') || (file.endsWith('.js') && isEsModulePackage(taskRoot, dirname(file)))) {
      return await import(pathToFileURL(file).href);
    }
    return createRequire(file)(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw userError('Runtime.UserCodeSyntaxError', String(error), error);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw userError('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    }
    throw error;
  }
}

/** Whether the nearest package.json within the deployed code says `"type": "module"`. */
function isEsModulePackage(taskRoot, folder) {
  for (let current = folder; current.startsWith(taskRoot); current = dirname(current)) {
    const manifest = join(current, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
  }
  return false;
}
