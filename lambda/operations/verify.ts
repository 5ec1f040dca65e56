import { type Skew, skewOf } from '../../contract/golden.ts';
import type { GoldenCase, GoldenPredictions } from '../../contract/golden-cases.ts';
import type { GoldenAnswer } from '../verification/golden-question.ts';

/** What a deployment is held to. */
export interface Verified {
  /** Every endpoint of the model, with the configuration that the template gives it. */
  readonly endpoints: readonly { readonly name: string; readonly configName: string }[];
  /** The new version of the function that predicts; undefined where its answers come later, by another way. */
  readonly functionArn?: string | undefined;
}

/** What a verification needs of the world. */
export interface VerifyPorts {
  readonly golden: GoldenPredictions;
  /** @throws {NotYet} where asking again may help, {VerificationFailed} where it does not */
  describeEndpoint(
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly status: string; readonly configName: string | undefined }>;
  /** Asks golden predictions. @throws as `describeEndpoint` does */
  ask(
    functionArn: string,
    inputs: readonly GoldenCase['input'][],
    signal: AbortSignal,
  ): Promise<GoldenAnswer>;
  /** Waits; shorter where the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** A deployment that must not take over; the message says why, to whoever deploys. */
export class VerificationFailed extends Error {
  override readonly name = 'VerificationFailed';
}

/** Not as it should be, and it may become so by itself. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  /** How often it is tried at most; without a bound until the time is over. */
  readonly attempts: number;

  constructor(message: string, attempts = Number.POSITIVE_INFINITY) {
    super(message);
    this.attempts = attempts;
  }
}

/** Between two looks at something that is not yet as it should be, in milliseconds. */
const PAUSE_MS = 1000;

/** States that an endpoint leaves by itself (SageMaker API reference, DescribeEndpoint, `EndpointStatus`). */
const PASSING_STATES = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

/** Problems of an endpoint that is only just starting, woken by the question even, or busy. */
const PASSING_PROBLEMS = new Set(['model-timeout', 'model-unavailable', 'model-starting', 'model-throttled']);

/** The input of a wrong case, in a reason that has to stay short, in characters. */
const INPUT_SHOWN = 200;

/**
 * Proves a deployment: every endpoint serves the configuration of the template, and the new version of the function
 * answers golden predictions rightly.
 * @throws {VerificationFailed}
 */
export async function verify(ports: VerifyPorts, verified: Verified, signal: AbortSignal): Promise<void> {
  await Promise.all(
    verified.endpoints.map((endpoint) => patiently(ports, signal, () => serves(ports, endpoint, signal))),
  );
  const { functionArn } = verified;
  if (functionArn === undefined) return;
  await patiently(ports, signal, () => answersRightly(ports, functionArn, signal));
}

async function serves(
  ports: VerifyPorts,
  { name, configName }: Verified['endpoints'][number],
  signal: AbortSignal,
): Promise<void> {
  const found = await ports.describeEndpoint(name, signal);
  if (PASSING_STATES.has(found.status)) throw new NotYet(`The endpoint ${name} is still ${found.status}.`);
  if (found.status !== 'InService') throw new VerificationFailed(`The endpoint ${name} is ${found.status}.`);
  if (found.configName === configName) return;
  throw new VerificationFailed(
    `The endpoint ${name} serves the configuration ${found.configName}, and not ${configName} of this deployment: its update was rolled back.`,
  );
}

async function answersRightly(ports: VerifyPorts, functionArn: string, signal: AbortSignal): Promise<void> {
  const { cases, tolerance } = ports.golden;
  const answer = await ports.ask(
    functionArn,
    cases.map(({ input }) => input),
    signal,
  );
  if ('problem' in answer) {
    const { code, detail, errors = [] } = answer.problem;
    const [first] = errors;
    const place = first === undefined ? '' : ` (${first.path}: ${first.detail})`;
    const message = `Golden predictions are answered with the problem ${code}: ${detail}${place}`;
    throw PASSING_PROBLEMS.has(code) ? new NotYet(message) : new VerificationFailed(message);
  }
  const wrong = cases.flatMap((one, index) => {
    const skew = skewOf(one.output, answer.outputs[index] ?? {}, tolerance);
    return skew.length === 0 ? [] : [{ one, skew }];
  });
  const [first] = wrong;
  if (first === undefined) return;
  throw new VerificationFailed(
    `${wrong.length} of ${cases.length} golden predictions are answered wrongly. For ${shown(first.one)}: ${first.skew.map(described).join('; ')}.`,
  );
}

/** Tries until it works, fails for good, or the time is over; what is waited for then is the reason. */
async function patiently(ports: VerifyPorts, signal: AbortSignal, check: () => Promise<void>): Promise<void> {
  let waitingFor: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      // A call that is cut off when the time is over tells only that.
      const reason = signal.aborted ? (waitingFor ?? error.message) : error.message;
      if (signal.aborted || attempt >= error.attempts) throw new VerificationFailed(reason);
      waitingFor = reason;
      await ports.pause(PAUSE_MS, signal);
    }
  }
}

function shown({ input }: GoldenCase): string {
  const text = JSON.stringify(input);
  return text.length > INPUT_SHOWN ? `${text.slice(0, INPUT_SHOWN)}…` : text;
}

function described({ field, expected, got }: Skew): string {
  return `${field} should be ${JSON.stringify(expected)} and is ${JSON.stringify(got)}`;
}
