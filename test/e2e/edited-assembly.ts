import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './assembly.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are whatever their type declares.
  readonly Properties: any;
}

/**
 * A copy of an assembly in which `edit` has changed every resource it wants to, as a careless hand would; what it answers
 * 'remove' for is taken out.
 */
export function editedAssembly(
  assembly: string,
  name: string,
  edit: (resource: Resource, logicalId: string) => unknown,
): string {
  const copy = join(ROOT, 'build', 'e2e', name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(assembly, copy, { recursive: true });
  for (const file of readdirSync(copy).filter((entry) => entry.endsWith('.template.json'))) {
    const template = JSON.parse(readFileSync(join(copy, file), 'utf8'));
    for (const [logicalId, resource] of Object.entries<Resource>(template.Resources)) {
      if (edit(resource, logicalId) === 'remove') delete template.Resources[logicalId];
    }
    writeFileSync(join(copy, file), JSON.stringify(template));
  }
  return copy;
}
