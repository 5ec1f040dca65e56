import type { Capacity } from '../core/plugin/capacity.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { parseFunctionReference } from './arn.ts';
import { aliasProperties } from './properties.ts';

/**
 * Execution environments that are kept ready for one alias at once. Further ones count as provisioned and start when they
 * are needed: a laptop's limit, AWS has none.
 */
const MAX_READY = 3;

/** An alias and how many of its execution environments are to be ready. */
export interface ProvisionedAlias {
  readonly functionName: string;
  readonly alias: string;
  readonly executions: number;
}

/** The aliases with provisioned concurrency. */
export function readProvisioned(aliases: readonly LocalResource[]): readonly ProvisionedAlias[] {
  return aliases.flatMap((resource) => {
    const {
      FunctionName,
      Name: alias,
      ProvisionedConcurrencyConfig: config,
    } = aliasProperties.parse(resource.properties);
    if (config === undefined) return [];
    const functionName = parseFunctionReference(FunctionName)?.name ?? FunctionName;
    return [{ functionName, alias, executions: config.ProvisionedConcurrentExecutions }];
  });
}

export interface ProvisionedOptions {
  readonly executions: number;
  /** Has so many execution environments ready. */
  ready(environments: number): void;
  /** Takes the share of the provisioned concurrency in use, from 0 to 1, at the begin of every invocation. */
  used(share: number): void;
}

/** The provisioned concurrency of one alias. */
export class ProvisionedConcurrency implements Capacity {
  readonly #options: ProvisionedOptions;
  #executions: number;
  #inFlight = 0;

  constructor(options: ProvisionedOptions) {
    this.#options = options;
    this.#executions = options.executions;
  }

  get current(): number {
    return this.#executions;
  }

  /** Has the environments ready that are provisioned now. */
  start(): void {
    this.#options.ready(Math.min(this.#executions, MAX_READY));
  }

  change(to: number): void {
    this.#executions = to;
    this.start();
  }

  /** Counts an invocation; the answer ends it. */
  begin(): () => void {
    this.#inFlight += 1;
    this.#options.used(Math.min(this.#inFlight, this.#executions) / this.#executions);
    return () => {
      this.#inFlight -= 1;
    };
  }
}
