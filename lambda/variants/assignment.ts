import { createHash } from 'node:crypto';

/** What a caller can be assigned to. */
export interface Weighted {
  readonly name: string;
  /** Relative to the other weights; 0 gets nobody. */
  readonly weight: number;
}

/** Bytes of a hash that a draw is made of: as many as a number holds exactly. */
const DRAW_BYTES = 6;
const DRAWS = 2 ** (8 * DRAW_BYTES);

/**
 * The variant of a caller, by weighted rendezvous hashing: each variant draws an exponentially distributed number for the
 * caller, made from a hash, and the smallest in proportion to the weight wins. Nothing is stored, and yet
 *
 * - a caller stays where it is while the weights stay, in whatever order variants are declared;
 * - a weight that grows takes callers and gives none away, one that shrinks gives and takes none, so that two variants
 *   that go from 90/10 to 80/20 move a tenth of the callers, all in one direction;
 * - a variant that is added or removed moves only the callers that it gets or had.
 *
 * Intervals of one hash, the usual way, keep the second promise for two variants and break it for three.
 * @param model salts the hash: a caller's luck with one model says nothing about another
 * @throws {Error} where no variant has a weight above 0
 */
export function assign<V extends Weighted>(model: string, variants: readonly V[], callerKey: string): V {
  let best: { readonly variant: V; readonly score: number } | undefined;
  for (const variant of variants) {
    if (variant.weight === 0) continue;
    const score = -Math.log(uniform(model, variant.name, callerKey)) / variant.weight;
    if (best === undefined || score < best.score) best = { variant, score };
  }
  if (best === undefined) throw new Error(`no variant of ${model} has a weight above 0`);
  return best.variant;
}

/** A number between 0 and 1, neither included, that only its arguments decide. */
function uniform(...parts: readonly string[]): number {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest();
  return (hash.readUIntBE(0, DRAW_BYTES) + 0.5) / DRAWS;
}
