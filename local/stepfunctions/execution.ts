import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { Definition } from './asl/definition.ts';
import { StateError } from './asl/errors.ts';
import { interpret, type StateEvent } from './asl/interpreter.ts';
import type { StateMachine } from './state-machine.ts';
import { runTask } from './tasks/catalogue.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';

/** An event with its time, in milliseconds since the epoch. */
export type TimedEvent = StateEvent & { readonly at: number };

export interface ExecutionOptions {
  readonly cloud: LocalCloud;
  readonly machine: StateMachine;
  readonly definition: Definition;
  readonly name: string;
  /** As it was sent. */
  readonly input: string;
  readonly random: () => number;
}

/** One execution of a state machine. */
export class Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: StateMachine;
  readonly input: string;
  readonly startedAt: number;
  readonly events: TimedEvent[] = [];
  readonly #abort = new AbortController();
  readonly #options: ExecutionOptions;
  status: ExecutionStatus = 'RUNNING';
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  endedAt: number | undefined;
  /** Resolves when it has ended, however it did. */
  ended: Promise<void> = Promise.resolve();

  constructor(options: ExecutionOptions) {
    const { cloud, machine, name, input } = options;
    this.#options = options;
    this.machine = machine;
    this.name = name;
    this.input = input;
    this.arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    this.startedAt = cloud.clock.now();
  }

  start(): void {
    this.#count('ExecutionsStarted');
    this.ended = this.#run();
  }

  /** Ends it where it stands; nobody catches that. */
  stop(error: string | undefined, cause: string | undefined): void {
    if (this.status !== 'RUNNING') return;
    this.#end('ABORTED', { error, cause });
    this.#abort.abort(new Error('the execution was stopped'));
  }

  async #run(): Promise<void> {
    const { cloud, machine, definition, random } = this.#options;
    const cancel = this.#timeOutAfter(definition.TimeoutSeconds);
    try {
      const input: unknown = JSON.parse(this.input);
      const output = await interpret(
        {
          definition,
          clock: cloud.clock,
          random,
          signal: this.#abort.signal,
          context: {
            Execution: {
              Id: this.arn,
              Input: input,
              Name: this.name,
              RoleArn: machine.roleArn,
              StartTime: new Date(this.startedAt).toISOString(),
            },
            StateMachine: { Id: machine.arn, Name: machine.name },
          },
          runTask: (resource, parameters, signal, state) =>
            runTask(
              { cloud, roleArn: machine.roleArn, stateMachine: machine },
              { state, resource, parameters },
              signal,
            ),
          record: (event) => this.events.push({ ...event, at: cloud.clock.now() }),
        },
        input,
      );
      this.#end('SUCCEEDED', { output: JSON.stringify(output) });
    } catch (error) {
      if (this.status !== 'RUNNING') return;
      if (error instanceof StateError) {
        this.#end('FAILED', { error: error.error, cause: error.errorCause });
        return;
      }
      cloud.log.warn(`${this.arn}: ${(error as Error).stack}`);
      this.#end('FAILED', { error: 'States.Runtime', cause: 'The local cloud failed to run the execution.' });
    } finally {
      cancel();
    }
  }

  #timeOutAfter(seconds: number | undefined): () => void {
    if (seconds === undefined) return () => undefined;
    return this.#options.cloud.clock.after(seconds * 1000, () => {
      if (this.status !== 'RUNNING') return;
      this.#end('TIMED_OUT', { error: 'States.Timeout' });
      this.#abort.abort(new Error('the execution took too long'));
    });
  }

  #end(
    status: Exclude<ExecutionStatus, 'RUNNING'>,
    { output, error, cause }: { output?: string; error?: string | undefined; cause?: string | undefined },
  ): void {
    if (this.status !== 'RUNNING') return;
    this.status = status;
    this.output = output;
    this.error = error;
    this.cause = cause;
    this.endedAt = this.#options.cloud.clock.now();
    this.#count(METRICS[status]);
    this.#put('ExecutionTime', 'Milliseconds', this.endedAt - this.startedAt);
  }

  #count(metric: string): void {
    this.#put(metric, 'Count', 1);
  }

  #put(name: string, unit: string, value: number): void {
    const { cloud, machine } = this.#options;
    cloud.metrics.put({
      namespace: 'AWS/States',
      name,
      dimensions: { StateMachineArn: machine.arn },
      unit,
      value,
      timestamp: cloud.clock.now(),
    });
  }
}

const METRICS = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  ABORTED: 'ExecutionsAborted',
  TIMED_OUT: 'ExecutionsTimedOut',
} as const;
