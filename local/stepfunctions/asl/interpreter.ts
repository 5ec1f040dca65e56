import type { Clock } from '../../clock/clock.ts';
import { choose } from './choices.ts';
import type { Definition, FailState, Retrier, State, TaskState } from './definition.ts';
import { matches, StateError } from './errors.ts';
import { combined, filled, selected, valueAt } from './paths.ts';

/** The facts of an execution, as `$$` shows them. */
export interface ExecutionContext {
  readonly Execution: {
    readonly Id: string;
    readonly Input: unknown;
    readonly Name: string;
    readonly RoleArn: string;
    /** ISO 8601. */
    readonly StartTime: string;
  };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
}

/** Something that happened in an execution. */
export type StateEvent =
  | {
      readonly kind: 'entered';
      readonly state: string;
      readonly type: State['Type'];
      readonly input: unknown;
    }
  | {
      readonly kind: 'exited';
      readonly state: string;
      readonly type: State['Type'];
      readonly output: unknown;
    }
  | { readonly kind: 'task-failed'; readonly state: string; readonly error: string; readonly cause: string };

export interface InterpreterOptions {
  readonly definition: Definition;
  readonly context: ExecutionContext;
  readonly clock: Clock;
  /** Draws from [0, 1) for jitter. */
  readonly random: () => number;
  /** Ends the execution where it stands. */
  readonly signal: AbortSignal;
  /**
   * Does a task. It ends what it does where the signal is aborted.
   * @throws {StateError}
   */
  runTask(resource: string, parameters: unknown, signal: AbortSignal, state: string): Promise<unknown>;
  record(event: StateEvent): void;
}

/** What Step Functions lets states pass on, in bytes (Step Functions quotas, "Maximum input or output size"). */
const DATA_LIMIT_BYTES = 256 * 1024;

interface Step {
  readonly output: unknown;
  /** Undefined where the execution has succeeded. */
  readonly next: string | undefined;
}

/** Runs an execution to its end. @returns its output @throws {StateError} where it fails */
export async function interpret(options: InterpreterOptions, input: unknown): Promise<unknown> {
  const { definition, signal, record } = options;
  let name: string | undefined = definition.StartAt;
  let data = input;
  while (name !== undefined) {
    signal.throwIfAborted();
    const state: State | undefined = definition.States[name];
    if (state === undefined) throw new StateError('States.Runtime', `There is no state ${name}`);
    record({ kind: 'entered', state: name, type: state.Type, input: data });
    const step: Step = await new StateRun(options, name).run(state, data);
    refuseLarge(step.output);
    record({ kind: 'exited', state: name, type: state.Type, output: step.output });
    data = step.output;
    name = step.next;
  }
  return data;
}

function refuseLarge(output: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(output) ?? '');
  if (bytes <= DATA_LIMIT_BYTES) return;
  throw new StateError(
    'States.DataLimitExceeded',
    `A state's output has ${bytes} bytes of at most ${DATA_LIMIT_BYTES}`,
  );
}

/** One visit to a state. */
class StateRun {
  readonly #options: InterpreterOptions;
  readonly #name: string;
  readonly #context: object;
  readonly #attempts = new Map<Retrier, number>();

  constructor(options: InterpreterOptions, name: string) {
    this.#options = options;
    this.#name = name;
    const entered = new Date(options.clock.now()).toISOString();
    this.#context = { ...options.context, State: { Name: name, EnteredTime: entered } };
  }

  async run(state: State, data: unknown): Promise<Step> {
    switch (state.Type) {
      case 'Fail':
        throw this.#failure(state, data);
      case 'Succeed':
        return { output: this.#output(state, this.#input(state, data)), next: undefined };
      case 'Choice': {
        const input = this.#input(state, data);
        return { output: this.#output(state, input), next: choose(state, input, this.#context) };
      }
      case 'Wait':
        await this.#sleep(state.Seconds * 1000);
        return { output: this.#output(state, this.#input(state, data)), next: state.Next };
      case 'Pass': {
        const input = this.#input(state, data);
        const made = state.Parameters === undefined ? input : filled(state.Parameters, input, this.#context);
        const result = state.Result === undefined ? made : state.Result;
        return { output: this.#output(state, combined(state.ResultPath, data, result)), next: state.Next };
      }
      case 'Task':
        return this.#task(state, data);
    }
  }

  async #task(state: TaskState, data: unknown): Promise<Step> {
    for (;;) {
      try {
        const input = this.#input(state, data);
        const parameters =
          state.Parameters === undefined ? input : filled(state.Parameters, input, this.#context);
        const answer = await this.#withinTime(state, parameters);
        const result =
          state.ResultSelector === undefined ? answer : filled(state.ResultSelector, answer, this.#context);
        return { output: this.#output(state, combined(state.ResultPath, data, result)), next: state.Next };
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        const { error: name, errorCause: cause } = error;
        this.#options.record({ kind: 'task-failed', state: this.#name, error: name, cause });
        if (await this.#mayRetry(state, error)) continue;
        const catcher = state.Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error));
        if (catcher === undefined) throw error;
        const caught = { Error: error.error, Cause: error.errorCause };
        return { output: combined(catcher.ResultPath, data, caught), next: catcher.Next };
      }
    }
  }

  /** Does a task unless its time is over, or the execution, before it is done. */
  async #withinTime({ Resource, TimeoutSeconds }: TaskState, parameters: unknown): Promise<unknown> {
    const { clock, signal, runTask } = this.#options;
    signal.throwIfAborted();
    const late = new AbortController();
    const cancel =
      TimeoutSeconds === undefined
        ? () => undefined
        : clock.after(TimeoutSeconds * 1000, () =>
            late.abort(new StateError('States.Timeout', `The task took more than ${TimeoutSeconds} s`)),
          );
    const over = AbortSignal.any([signal, late.signal]);
    try {
      return await Promise.race([runTask(Resource, parameters, over, this.#name), rejection(over)]);
    } finally {
      cancel();
    }
  }

  /** Waits and answers true where a retrier has an attempt left for the error. */
  async #mayRetry({ Retry }: TaskState, error: StateError): Promise<boolean> {
    const retrier = Retry.find(({ ErrorEquals }) => matches(ErrorEquals, error));
    if (retrier === undefined) return false;
    const attempts = this.#attempts.get(retrier) ?? 0;
    if (attempts >= retrier.MaxAttempts) return false;
    this.#attempts.set(retrier, attempts + 1);
    const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
    const delay = Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds);
    const share = retrier.JitterStrategy === 'FULL' ? this.#options.random() : 1;
    await this.#sleep(delay * share * 1000);
    return true;
  }

  async #sleep(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    signal.throwIfAborted();
    let cancel = (): void => undefined;
    const slept = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    try {
      await Promise.race([slept, rejection(signal)]);
    } finally {
      cancel();
    }
  }

  #input({ InputPath }: Pick<TaskState, 'InputPath'>, data: unknown): unknown {
    return selected(InputPath, data, this.#context);
  }

  #output({ OutputPath }: Pick<TaskState, 'OutputPath'>, data: unknown): unknown {
    return selected(OutputPath, data, this.#context);
  }

  #failure({ Error: error = '', Cause = '', ErrorPath, CausePath }: FailState, data: unknown): StateError {
    const said = (path: string | undefined, text: string) =>
      path === undefined ? text : String(valueAt(path, data, this.#context));
    return new StateError(said(ErrorPath, error), said(CausePath, Cause));
  }
}

/** Rejects with the signal's reason once it is aborted. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
