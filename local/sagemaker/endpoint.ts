import type { AsynchronousQueue } from './asynchronous/queue.ts';
import type { DeclaredEndpoint } from './declared/endpoints.ts';
import { validationError } from './hosting/errors.ts';
import type { Variant } from './hosting/variant.ts';

/** An endpoint that runs here. */
export class Endpoint {
  readonly name: string;
  readonly configName: string;
  readonly variants: readonly Variant[];
  /** Undefined where the endpoint answers at once. */
  readonly queue: AsynchronousQueue | undefined;
  readonly #random: () => number;

  /** @param random draws from [0, 1) which variant serves a request */
  constructor(
    declared: DeclaredEndpoint,
    variants: readonly Variant[],
    random: () => number,
    queue?: AsynchronousQueue,
  ) {
    this.name = declared.name;
    this.configName = declared.configName;
    this.variants = variants;
    this.#random = random;
    this.queue = queue;
  }

  /**
   * The variant for a request: the one it names, or one drawn by weight.
   * @throws {AwsError} ValidationError where it names one that does not exist, or every weight is 0
   */
  choose(target: string | undefined): Variant {
    if (target !== undefined) {
      const named = this.variants.find(({ declared }) => declared.name === target);
      if (named === undefined) throw validationError(`Variant ${target} of endpoint ${this.name} not found.`);
      return named;
    }
    const total = this.variants.reduce((sum, { declared }) => sum + declared.weight, 0);
    let rest = this.#random() * total;
    for (const variant of this.variants) {
      if (variant.declared.weight === 0) continue;
      rest -= variant.declared.weight;
      if (rest < 0) return variant;
    }
    throw validationError(`No variant of endpoint ${this.name} has a weight above 0.`);
  }
}
