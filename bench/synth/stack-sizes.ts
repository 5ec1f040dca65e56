import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StackSize {
  readonly name: string;
  readonly resources: number;
  /** Of the template as it is uploaded. */
  readonly bytes: number;
}

/** The size of every stack in a cloud assembly. */
export function stackSizes(assemblyDir: string): readonly StackSize[] {
  const suffix = '.template.json';
  return readdirSync(assemblyDir)
    .filter((file) => file.endsWith(suffix))
    .map((file) => {
      const text = readFileSync(join(assemblyDir, file), 'utf8');
      const { Resources: resources = {} } = JSON.parse(text) as { Resources?: object };
      return {
        name: file.slice(0, -suffix.length),
        resources: Object.keys(resources).length,
        bytes: Buffer.byteLength(text),
      };
    });
}

/** The stack with the most resources. @throws {Error} where the assembly has no stack */
export function largestStack(assemblyDir: string): StackSize {
  return stackSizes(assemblyDir).reduce((largest, one) =>
    one.resources > largest.resources ? one : largest,
  );
}
