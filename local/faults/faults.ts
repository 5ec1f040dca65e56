/** A fault that the front door injects before a request reaches its service, as AWS would show it. */
export interface Fault {
  /** The signing name, for example `dynamodb` or `sagemaker`. */
  readonly service: string;
  /** The operation as IAM spells it; every operation of the service where absent. */
  readonly operation?: string;
  /** Only requests that touch a resource whose ARN contains this; all where absent. */
  readonly resource?: string;
  /** The error to answer with; where absent, the request is only delayed. */
  readonly error?: { readonly status: number; readonly code: string; readonly message: string };
  /** Milliseconds to wait before answering or passing on. */
  readonly delayMs?: number;
}

/** The faults in force, in the order they were added. */
export class Faults {
  readonly #faults = new Map<number, Fault>();
  #next = 1;

  add(fault: Fault): number {
    const id = this.#next++;
    this.#faults.set(id, fault);
    return id;
  }

  remove(id: number): boolean {
    return this.#faults.delete(id);
  }

  clear(): void {
    this.#faults.clear();
  }

  list(): readonly (Fault & { readonly id: number })[] {
    return [...this.#faults].map(([id, fault]) => ({ id, ...fault }));
  }

  /** The first fault that applies to a request, or undefined. */
  match(service: string, operation: string | undefined, resources: readonly string[]): Fault | undefined {
    for (const fault of this.#faults.values()) {
      if (fault.service !== service) continue;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      const { resource } = fault;
      if (resource !== undefined && !resources.some((arn) => arn.includes(resource))) continue;
      return fault;
    }
    return undefined;
  }
}
