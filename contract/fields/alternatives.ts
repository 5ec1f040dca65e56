import type { z } from 'zod';

const declared = new WeakMap<z.core.$ZodType, readonly Alternatives[]>();

/** Groups of fields of which exactly one group must be sent, whole. */
export type Alternatives = readonly (readonly string[])[];

/**
 * Demands exactly one of several groups of optional fields, for example either a maximum and a minimum humidity or a
 * vapour pressure. The demand is checked together with the fields, so that a client sees all its mistakes at once.
 */
export function exactlyOneOf<S extends z.ZodObject>(
  schema: S,
  groups: readonly (readonly (keyof z.input<S> & string)[])[],
): S {
  const refined = schema.refine((value) => alternativesProblem(groups, value) === undefined, {
    when: ({ value }) => typeof value === 'object' && value !== null,
    error: ({ input }) => alternativesProblem(groups, input as object)?.detail,
    params: { problem: 'conflicting-fields' },
  });
  declared.set(refined, [...alternativesOf(schema), groups]);
  return refined;
}

/** The groups that {@link exactlyOneOf} declared on a schema. */
export function alternativesOf(schema: z.core.$ZodType): readonly Alternatives[] {
  return declared.get(schema) ?? [];
}

function alternativesProblem(groups: Alternatives, value: object): { readonly detail: string } | undefined {
  const present = (name: string) => (value as Record<string, unknown>)[name] !== undefined;
  const touched = groups.filter((group) => group.some(present));
  const choice = groups.map((group) => group.join(' and ')).join(', or ');
  if (touched.length === 0) return { detail: `Send ${choice}.` };
  if (touched.length > 1) return { detail: `Send only one of: ${choice}.` };
  const missing = touched[0]?.filter((name) => !present(name)) ?? [];
  return missing.length === 0 ? undefined : { detail: `Send ${missing.join(' and ')} as well: ${choice}.` };
}
