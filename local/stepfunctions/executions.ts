import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { UnsupportedDefinition } from './asl/definition.ts';
import { Execution, type ExecutionStatus } from './execution.ts';
import type { StateMachine } from './state-machine.ts';

/** What Step Functions takes as input, in bytes (Step Functions quotas). */
const INPUT_LIMIT_BYTES = 256 * 1024;

/** What no name of an execution holds (API reference, StartExecution). */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

const startRequest = z.looseObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
});

/** All executions since the local cloud started, in memory: one that is under way when it ends is lost. */
export class Executions {
  readonly #cloud: LocalCloud;
  readonly #machines: ReadonlyMap<string, StateMachine>;
  readonly #random: () => number;
  readonly #executions = new Map<string, Execution>();

  constructor(cloud: LocalCloud, machines: readonly StateMachine[], random: () => number) {
    this.#cloud = cloud;
    this.#machines = new Map(machines.map((machine) => [machine.arn, machine]));
    this.#random = random;
  }

  /** Starts one; the same name and input again answers the one that is under way. @throws {AwsError} */
  start(request: unknown): Execution {
    const { stateMachineArn, name = randomUUID(), input } = parsed(startRequest, request);
    const machine = this.#machine(stateMachineArn);
    const { definition } = machine;
    if (definition instanceof UnsupportedDefinition)
      throw new AwsError(501, 'NotImplemented', `${machine.path} does not run here: ${definition.message}.`);
    if (name === '' || name.length > 80 || FORBIDDEN.test(name))
      throw new AwsError(400, 'InvalidName', `Invalid Name: '${name}'`);
    refuseInput(input);
    const execution = new Execution({
      cloud: this.#cloud,
      machine,
      definition,
      name,
      input,
      random: this.#random,
    });
    const known = this.#executions.get(execution.arn);
    if (known?.status === 'RUNNING' && known.input === input) return known;
    if (known !== undefined)
      throw new AwsError(400, 'ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
    this.#executions.set(execution.arn, execution);
    execution.start();
    return execution;
  }

  /** @throws {AwsError} ExecutionDoesNotExist */
  find(arn: string): Execution {
    const execution = this.#executions.get(arn);
    if (execution === undefined)
      throw new AwsError(400, 'ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  /** The latest first. @throws {AwsError} StateMachineDoesNotExist */
  list(stateMachineArn: string, status: ExecutionStatus | undefined): readonly Execution[] {
    const machine = this.#machine(stateMachineArn);
    return [...this.#executions.values()]
      .filter((one) => one.machine === machine && (status === undefined || one.status === status))
      .reverse();
  }

  /** Resolves when everything that has been started has ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#executions.values()].map((execution) => execution.ended));
  }

  /** Stops everything. What tasks still do ends with the services that do it. */
  async close(): Promise<void> {
    const all = [...this.#executions.values()];
    for (const execution of all) execution.stop('LocalCloudStopped', 'The local cloud ended.');
    await Promise.all(all.map(({ ended }) => ended));
  }

  #machine(arn: string): StateMachine {
    const machine = this.#machines.get(arn);
    if (machine === undefined)
      throw new AwsError(400, 'StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }
}

function refuseInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError(
      400,
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${input.slice(0, 80)}' is not JSON`,
    );
  }
  if (Buffer.byteLength(input) > INPUT_LIMIT_BYTES)
    throw new AwsError(400, 'InvalidExecutionInput', 'The input is larger than 262144 bytes');
}

/** @throws {AwsError} ValidationException */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AwsError(400, 'ValidationException', z.prettifyError(result.error));
}
