import { availableParallelism } from 'node:os';
import type { Finding } from '../report/findings.ts';
import { type AssemblyFunction, functionsOf } from './assembly-functions.ts';
import { loadAlone } from './load-alone.ts';
import { unresolvedImports } from './unresolved-imports.ts';

/** The rules by their names in the report. */
export const FUNCTION_RULES = { imports: 'function-imports', loads: 'function-loads' } as const;

/** Holds every function of an assembly to what Lambda will do with it: each folder is complete, and loads alone. */
export async function verifyFunctions(assemblyDir: string): Promise<readonly Finding[]> {
  const functions = functionsOf(assemblyDir);
  const imports = functions.flatMap((fn) =>
    unresolvedImports(fn.folder).map((message) => findingOf(fn, FUNCTION_RULES.imports, message)),
  );
  return [...imports, ...(await loads(functions))];
}

/** One after another on each processor. */
async function loads(functions: readonly AssemblyFunction[]): Promise<readonly Finding[]> {
  const waiting = [...functions];
  const findings: Finding[] = [];
  const work = async () => {
    for (let fn = waiting.shift(); fn !== undefined; fn = waiting.shift()) {
      const problem = await loadAlone(fn);
      if (problem !== undefined) findings.push(findingOf(fn, FUNCTION_RULES.loads, problem));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return findings;
}

function findingOf({ template, logicalId }: AssemblyFunction, rule: string, message: string): Finding {
  return { template, rule, level: 'error', path: `Resources/${logicalId}/Properties/Code`, message };
}
