import type { GoldenPredictions } from '../../contract/golden/golden-cases.ts';
import { checkModelData } from './check-model-data.ts';
import type { GoldenCollection, GoldenOutcome } from './golden-collection.ts';
import type { GoldenPlaces, GoldenQuestion, GoldenReply } from './golden-question.ts';
import { judgeAnswer } from './judge-answer.ts';
import { NotYet, type Patience, patiently, VerificationFailed } from './patience.ts';
import type { DeclaredObject } from './stored-checksum.ts';

/** What a deployment is held to. */
export interface Verified {
  /** Every endpoint of the model, with the configuration that the template gives it. */
  readonly endpoints: readonly VerifiedEndpoint[];
  /** The variants that are asked: the champion, challengers and shadows. */
  readonly variants: readonly string[];
  /** The function that predicts, as this deployment makes it. */
  readonly functionArn: string;
  /** The function that reads answers which come later. @default - they come at once */
  readonly collectorArn?: string | undefined;
  /** The model's data that were in S3 before. @default - they are deployed with the model */
  readonly modelData?: DeclaredObject | undefined;
}

export interface VerifiedEndpoint {
  readonly name: string;
  readonly configName: string;
  readonly variant: string;
}

/** What is known of an endpoint. */
export interface DescribedEndpoint {
  readonly status: string;
  readonly configName: string | undefined;
  /** Undefined where it has none by design. */
  readonly instances: number | undefined;
}

/** What a verification needs of the world. */
export interface VerifyPorts extends Pick<Patience, 'pause'> {
  readonly golden: GoldenPredictions;
  /** @throws {NotYet} where asking again may help, {VerificationFailed} where it does not */
  describeEndpoint(name: string, signal: AbortSignal): Promise<DescribedEndpoint>;
  /** Asks golden predictions. @throws as `describeEndpoint` does */
  ask(functionArn: string, question: GoldenQuestion, signal: AbortSignal): Promise<GoldenReply>;
  /** Asks what has become of a question. @throws as `describeEndpoint` does */
  collect(functionArn: string, question: GoldenCollection, signal: AbortSignal): Promise<GoldenOutcome>;
  /** The SHA-256 that S3 holds of an object, in hexadecimal digits; undefined where it holds none. @throws {NotYet} */
  storedSha256(object: DeclaredObject, signal: AbortSignal): Promise<string | undefined>;
  /** A name (UUID) for a question. */
  newName(): string;
}

/** A question whose answer comes later. */
interface Queued {
  readonly variant: string;
  readonly name: string;
  readonly places: GoldenPlaces;
}

/** States that an endpoint leaves by itself (SageMaker API reference, DescribeEndpoint, `EndpointStatus`). */
const PASSING_STATES = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

/** The pauses between two looks for an answer that comes later: they grow from seconds' work to minutes' waiting. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/**
 * Proves a deployment: the model's data are what is declared, every endpoint serves the configuration of the template, and by
 * the new function that predicts, the champion answers golden predictions rightly and every other variant answers them at
 * all. Variants are asked in turn: the function is new, and each question at once would start another environment of it.
 * Those that answer later are all asked before the first answer is waited for.
 * @throws {VerificationFailed}
 */
export async function verify(ports: VerifyPorts, verified: Verified, signal: AbortSignal): Promise<void> {
  const patience = { signal, pause: ports.pause };
  const { modelData } = verified;
  await Promise.all([
    ...verified.endpoints.map((endpoint) => patiently(patience, () => serves(ports, endpoint, signal))),
    ...(modelData === undefined
      ? []
      : [checkModelData(patience, modelData, () => ports.storedSha256(modelData, signal))]),
  ]);
  const queued: Queued[] = [];
  for (const variant of verified.variants) {
    const name = ports.newName();
    const places = await patiently(patience, () => asked(ports, verified, { variant, name }, signal));
    if (places !== undefined) queued.push({ variant, name, places });
  }
  for (const one of queued) {
    await patiently(patience, () => answersLater(ports, verified, one, signal), growing);
  }
}

async function serves(
  ports: VerifyPorts,
  { name, configName }: VerifiedEndpoint,
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

/** Where the answer comes later, what tells where it will lie. */
async function asked(
  ports: VerifyPorts,
  { functionArn }: Verified,
  { variant, name }: Omit<Queued, 'places'>,
  signal: AbortSignal,
): Promise<GoldenPlaces | undefined> {
  const question = { goldenPredictions: { variant, name, inputs: inputsOf(ports) } };
  const reply = await ports.ask(functionArn, question, signal);
  if ('queued' in reply) return reply.queued;
  judgeAnswer(ports.golden, variant, reply);
  return undefined;
}

async function answersLater(
  ports: VerifyPorts,
  { collectorArn, endpoints }: Verified,
  { variant, name, places }: Queued,
  signal: AbortSignal,
): Promise<void> {
  if (collectorArn === undefined)
    throw new VerificationFailed(`The variant ${variant} answers later, and no function reads its answers.`);
  const question = { goldenAnswer: { ...places, name, inputs: inputsOf(ports) } };
  const outcome = await ports.collect(collectorArn, question, signal);
  if (!('pending' in outcome)) return judgeAnswer(ports.golden, variant, outcome);
  const endpoint = endpoints.find((one) => one.variant === variant)?.name ?? variant;
  const { instances } = await ports.describeEndpoint(endpoint, signal);
  throw new NotYet(instances === 0 ? asleep(endpoint) : busy(endpoint));
}

function inputsOf({ golden }: VerifyPorts) {
  return golden.cases.map(({ input }) => input);
}

const growing = (attempt: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));

/** What to do is told, because a verification can't wait longer than its function runs. */
function asleep(endpoint: string): string {
  return `The endpoint ${endpoint} has had no instance to answer golden predictions within the time of a verification. They have woken it: deploy again once it has an instance, or with instances.min at 1 or more.`;
}

function busy(endpoint: string): string {
  return `The endpoint ${endpoint} has not answered golden predictions within the time of a verification: they wait behind other requests, or the model takes longer. Deploy again when its backlog is short.`;
}
