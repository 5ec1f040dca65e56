import { z } from 'zod';
import type { LocalResource } from '../template/resource-types.ts';
import { type Definition, parseDefinition, UnsupportedDefinition } from './asl/definition.ts';
import { isEmulated, isJob } from './tasks/catalogue.ts';

const properties = z.looseObject({
  RoleArn: z.string(),
  StateMachineType: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  Definition: z.unknown().optional(),
  DefinitionString: z.string().optional(),
});

/** A state machine as its template declares it. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly roleArn: string;
  /** What it runs, or why nothing here runs it. */
  readonly definition: Definition | UnsupportedDefinition;
  /** Whether a task of it waits for a job's end. */
  readonly hasJobs: boolean;
}

/** @throws {Error} where the resource has no role, or no definition */
export function readStateMachine(resource: LocalResource): StateMachine {
  const { path, ref: arn, attributes } = resource;
  const parsed = properties.safeParse(resource.properties);
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const { RoleArn: roleArn, StateMachineType, Definition: definition, DefinitionString } = parsed.data;
  const source = DefinitionString === undefined ? definition : (JSON.parse(DefinitionString) as unknown);
  const understood = understand(source, StateMachineType);
  const hasJobs = !(understood instanceof UnsupportedDefinition) && resourcesOf(understood).some(isJob);
  return { arn, name: attributes.Name ?? arn, path, roleArn, definition: understood, hasJobs };
}

function understand(source: unknown, type: 'STANDARD' | 'EXPRESS'): Definition | UnsupportedDefinition {
  try {
    if (type === 'EXPRESS') throw new UnsupportedDefinition('express workflows are not emulated');
    const definition = parseDefinition(source);
    const unknown = resourcesOf(definition).filter((one) => !isEmulated(one));
    if (unknown.length > 0)
      throw new UnsupportedDefinition(`no tasks of ${[...new Set(unknown)].join(', ')} are emulated`);
    return definition;
  } catch (error) {
    if (error instanceof UnsupportedDefinition) return error;
    throw error;
  }
}

function resourcesOf({ States }: Definition): readonly string[] {
  return Object.values(States).flatMap((state) => (state.Type === 'Task' ? [state.Resource] : []));
}
