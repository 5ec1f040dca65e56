import { type Clock, sleep } from '../clock/clock.ts';
import type { CallFault, Fault, FaultRequest, InvocationFault, Invoker, TaskFault } from './fault.ts';

/** A call of an AWS API, on its way to the service. */
export interface Call {
  readonly at: 'call';
  readonly service: string;
  readonly operation: string;
  /** The ARNs of what it touches. */
  readonly resources: readonly string[];
  /** Undefined for a developer's. */
  readonly caller: { readonly roleArn: string; readonly sessionName: string } | undefined;
}

/** An invocation of a function by another service. */
export interface ServiceInvocation {
  readonly at: 'invocation';
  /** All that the function is called in this invocation. */
  readonly functionNames: readonly string[];
  readonly from: Invoker;
}

/** A task of a state machine, about to be done. */
export interface TaskAttempt {
  readonly at: 'task';
  readonly stateMachine: { readonly name: string; readonly arn: string };
  readonly state: string;
  /** What the state's `Resource` says. */
  readonly resource: string;
}

/** Whatever a fault may strike. */
export type Target = Call | ServiceInvocation | TaskAttempt;

/** The error that a fault of a place answers with. */
type ErrorAt<P extends Fault['at']> = NonNullable<Extract<Fault, { at: P }>['error']>;

/** The faults in force, in the order they were added: the one mechanism by which anything in the local cloud is made to fail. */
export class Faults {
  readonly #clock: Clock;
  readonly #faults = new Map<number, Fault>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers the id by which it is removed. */
  add(fault: FaultRequest): number {
    const id = this.#next++;
    this.#faults.set(id, 'at' in fault ? fault : { at: 'call', ...fault });
    return id;
  }

  remove(id: number): boolean {
    return this.#faults.delete(id);
  }

  clear(): void {
    this.#faults.clear();
  }

  /** Those in force, each with how often it strikes yet where that is limited. */
  list(): readonly (Fault & { readonly id: number })[] {
    return [...this.#faults].map(([id, fault]) => ({ id, ...fault }));
  }

  /**
   * Lets the first fault that applies strike: waits its delay, and answers its error; undefined where there is none, and the
   * target is to go on. It counts when it begins, so that of targets that come at once only as many are struck as it says.
   * @throws the signal's reason, as soon as that is aborted
   */
  async strike<T extends Target>(target: T, signal?: AbortSignal): Promise<ErrorAt<T['at']> | undefined> {
    for (const [id, fault] of this.#faults) {
      if (!applies(fault, target)) continue;
      this.#count(id, fault);
      if (fault.delayMs !== undefined) await sleep(this.#clock, fault.delayMs, signal);
      return fault.error as ErrorAt<T['at']> | undefined;
    }
    return undefined;
  }

  #count(id: number, fault: Fault): void {
    if (fault.times === undefined) return;
    if (fault.times > 1) this.#faults.set(id, { ...fault, times: fault.times - 1 });
    else this.#faults.delete(id);
  }
}

function applies(fault: Fault, target: Target): boolean {
  switch (target.at) {
    case 'call':
      return fault.at === 'call' && appliesToCall(fault, target);
    case 'invocation':
      return fault.at === 'invocation' && appliesToInvocation(fault, target);
    case 'task':
      return fault.at === 'task' && appliesToTask(fault, target);
  }
}

function appliesToCall(fault: CallFault, { service, operation, resources, caller }: Call): boolean {
  const roleName = caller?.roleArn.split('/').at(-1);
  return (
    fault.service === service &&
    isOneOf(fault.operation, [operation]) &&
    isPartOf(fault.resource, resources) &&
    isOneOf(fault.role, [roleName, caller?.roleArn]) &&
    isOneOf(fault.function, [caller?.sessionName])
  );
}

function appliesToInvocation(fault: InvocationFault, target: ServiceInvocation): boolean {
  return isOneOf(fault.function, target.functionNames) && isOneOf(fault.from, [target.from]);
}

function appliesToTask(fault: TaskFault, { stateMachine, state, resource }: TaskAttempt): boolean {
  return (
    isOneOf(fault.stateMachine, [stateMachine.name, stateMachine.arn]) &&
    isOneOf(fault.state, [state]) &&
    isPartOf(fault.resource, [resource])
  );
}

/** Whether something is wanted, or whatever it is. */
function isOneOf(wanted: string | undefined, given: readonly (string | undefined)[]): boolean {
  return wanted === undefined || given.includes(wanted);
}

function isPartOf(wanted: string | undefined, given: readonly string[]): boolean {
  return wanted === undefined || given.some((one) => one.includes(wanted));
}
