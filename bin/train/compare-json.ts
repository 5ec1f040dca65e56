import { pointer } from '../../contract/fields/validation.ts';
import type { Agreement } from './tolerance.ts';

/** Where what was trained differs from what is committed. The path is a JSON Pointer (RFC 6901). */
export type Difference = { readonly path: string } & (
  | { readonly kind: 'changed'; readonly committed: unknown; readonly trained: unknown }
  | { readonly kind: 'not-trained'; readonly committed: unknown }
  | { readonly kind: 'not-committed'; readonly trained: unknown }
  /** Something that could not be compared, with the reason. */
  | { readonly kind: 'fault'; readonly problem: string }
);

interface Pair {
  readonly path: string;
  readonly committed: unknown;
  readonly trained: unknown;
}

/**
 * Every difference between two JSON values. Keys are compared whatever their order;
 * numbers have to agree, everything else has to be the same.
 */
export function differencesOf(
  committed: unknown,
  trained: unknown,
  agree: Agreement,
  path = '',
): readonly Difference[] {
  const found: Difference[] = [];
  // A stack of its own: JSON may be nested deeper than functions can call each other.
  const open: Pair[] = [{ path, committed, trained }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const children = childrenOf(pair, found);
    if (children !== undefined) for (const child of children.reverse()) open.push(child);
    else if (!isSame(pair, agree)) found.push({ ...pair, kind: 'changed' });
  }
  return found;
}

/** The pairs within two arrays or two objects, what only one has being found; undefined for anything else. */
function childrenOf({ path, committed, trained }: Pair, found: Difference[]): Pair[] | undefined {
  if (!isContainer(committed) || !isContainer(trained)) return undefined;
  if (Array.isArray(committed) !== Array.isArray(trained)) return undefined;
  const children: Pair[] = [];
  for (const key of Object.keys(committed)) {
    const place = pointer(path, [key]);
    if (!Object.hasOwn(trained, key)) {
      found.push({ path: place, kind: 'not-trained', committed: committed[key] });
    } else children.push({ path: place, committed: committed[key], trained: trained[key] });
  }
  for (const key of Object.keys(trained)) {
    if (!Object.hasOwn(committed, key)) {
      found.push({ path: pointer(path, [key]), kind: 'not-committed', trained: trained[key] });
    }
  }
  return children;
}

function isSame({ committed, trained }: Pair, agree: Agreement): boolean {
  if (typeof committed === 'number' && typeof trained === 'number') return agree(committed, trained);
  return committed === trained;
}

/** An array's elements are found by their index, as keys. */
function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
