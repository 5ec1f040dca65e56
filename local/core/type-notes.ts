import type { ResourceSupport } from '../template/resource-types.ts';
import type { DeclaredResource } from '../template/resources.ts';
import type { NotEmulatedResource } from './plugin/service-plugin.ts';

/** A type of resource that does nothing here, or not all that it would do on AWS. */
export interface TypeNote {
  readonly type: string;
  readonly paths: readonly string[];
  readonly reason: string;
}

type Supports = Readonly<Record<string, ResourceSupport>>;

/** What the templates declare and the local cloud has no answer to: unknown types, and what a service can't run. */
export function notEmulatedNotes(
  declared: readonly DeclaredResource[],
  supports: Supports,
  unrunnable: readonly NotEmulatedResource[],
): readonly TypeNote[] {
  const unknown = [...pathsByType(declared)]
    .filter(([type]) => supports[type] === undefined)
    .map(([type, paths]) => ({ type, paths, reason: 'the local cloud does not emulate this type' }));
  return [...unknown, ...unrunnable.map(({ type, path, reason }) => ({ type, paths: [path], reason }))];
}

/** What is accepted but has less effect than on AWS. */
export function inertNotes(declared: readonly DeclaredResource[], supports: Supports): readonly TypeNote[] {
  return [...pathsByType(declared)].flatMap(([type, paths]) => {
    const support = supports[type];
    return support?.support === 'inert' && support.note !== '' ? [{ type, paths, reason: support.note }] : [];
  });
}

function pathsByType(declared: readonly DeclaredResource[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const { type, path } of declared) paths.set(type, [...(paths.get(type) ?? []), path]);
  return paths;
}
