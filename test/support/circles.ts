import { dirname } from 'node:path';
import type { Edge } from './imports.ts';

/** Two folders that import each other, in the order of their names. */
export type Pair = readonly [string, string];

/** What stands for the files directly in a folder, beside the folders below it: `local/sns/.` */
function floorOf(folder: string): string {
  return `${folder}/.`;
}

/**
 * The pairs of folders that import each other, wherever they are. A folder imports another one where a file anywhere below the
 * one imports a file anywhere below the other; neither holds the other. The files directly in a folder are a part of it like each
 * folder below: where they import one of those and it imports them, that is a pair too.
 *
 * It suffices to compare what lies side by side: two folders that import each other make their ancestors below the first common
 * one do the same.
 */
export function mutualPairs(edges: readonly Edge[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const graph of levels(edges).values()) {
    for (const [one, imported] of graph) {
      for (const other of imported) if (one < other && graph.get(other)?.has(one)) pairs.push([one, other]);
    }
  }
  return pairs.sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

/** The circles of more than two folders side by side: for each, all folders that can reach one another by imports. */
export function longCircles(edges: readonly Edge[]): readonly (readonly string[])[] {
  const circles: string[][] = [];
  for (const graph of levels(edges).values()) {
    const reached = new Map([...graph.keys()].map((node) => [node, reachable(graph, node)]));
    const done = new Set<string>();
    for (const [node, targets] of reached) {
      if (done.has(node)) continue;
      const circle = [...targets].filter((other) => reached.get(other)?.has(node));
      for (const member of circle) done.add(member);
      if (circle.length > 2) circles.push(circle.sort());
    }
  }
  return circles.sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

type Graph = Map<string, Set<string>>;

/** By folder: what lies in it, and which of that imports which other. */
function levels(edges: readonly Edge[]): ReadonlyMap<string, Graph> {
  const found = new Map<string, Graph>();
  for (const { from, to } of edges) {
    const steps = [dirname(from), dirname(to)].map((folder) => folder.split('/'));
    const [own = [], other = []] = steps;
    let shared = 0;
    while (shared < own.length && own[shared] === other[shared]) shared += 1;
    // Files of one folder are together; what has no folder in common are folders at the top, which have arrows of their own.
    if (shared === 0 || (shared === own.length && shared === other.length)) continue;
    const common = own.slice(0, shared).join('/');
    const [importing, imported] = steps.map((one) =>
      one.length === shared ? floorOf(common) : one.slice(0, shared + 1).join('/'),
    );
    const graph: Graph = found.get(common) ?? new Map();
    found.set(common, graph);
    for (const node of [importing, imported]) if (node && !graph.has(node)) graph.set(node, new Set());
    if (importing && imported) graph.get(importing)?.add(imported);
  }
  return found;
}

function reachable(graph: Graph, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}
