import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverModels } from '../../bin/discover-models.ts';
import { skewOf } from '../../contract/golden/golden.ts';
import type { GoldenTolerance } from '../../contract/golden/golden-cases.ts';
import { hasArtifact } from '../../contract/model/model.ts';
import { ROOT } from './assembly.ts';
import type { Answer, ModelClient } from './client.ts';
import { laterAnswer } from './later.ts';

/** An input, what somebody else than the serving code made of it, in the contract's units, and how far apart they may be. */
export interface GoldenCase {
  readonly input: object;
  readonly output: Readonly<Record<string, number | string>>;
  readonly tolerance: GoldenTolerance;
}

/** How far serving may be from the trainer, where the file does not say. */
const TOLERANCE: GoldenTolerance = { relative: 1e-5, absolute: 0 };

/** The names of all models with a trained artifact. */
export async function artifactModels(): Promise<readonly string[]> {
  return (await discoverModels(ROOT))
    .map(({ model }) => model)
    .filter(hasArtifact)
    .map(({ name }) => name);
}

/** The golden predictions of a model. */
export function goldenCases(model: string): readonly GoldenCase[] {
  const file = join(ROOT, 'models', model, 'artifacts', 'reference.json');
  const { cases, tolerance } = JSON.parse(readFileSync(file, 'utf8'));
  return cases.map((one: GoldenCase) => ({ ...one, tolerance: { ...TOLERANCE, ...tolerance } }));
}

/** So many requests in a row go through a usage plan's burst. */
const MOST_SINGLE_REQUESTS = 60;

/**
 * What is served otherwise than the trainer predicted, one line for each field. Cases are asked each by itself; of many,
 * as many as a usage plan lets through, spread evenly.
 */
export async function skewOneByOne(client: ModelClient, cases: readonly GoldenCase[]): Promise<string[]> {
  const step = Math.ceil(cases.length / MOST_SINGLE_REQUESTS);
  const asked = [...cases.entries()].filter(([index]) => index % step === 0);
  // Where answers come later, they come while the next ones are asked.
  const firsts: Answer[] = [];
  for (const [, { input }] of asked) firsts.push(await client.predict({ input }));
  const lines: string[] = [];
  for (const [place, [index, one]] of asked.entries()) {
    const { status, body } = await inTheEnd(client, firsts[place] as Answer);
    if (status === 200) lines.push(...skew(one, index, body.prediction));
    else lines.push(`case ${index}: ${status} ${JSON.stringify(body)}`);
  }
  return lines;
}

/** As {@link skewOneByOne}, with every case, in as few requests as the model's limit allows. */
export async function skewAsList(client: ModelClient, cases: readonly GoldenCase[]): Promise<string[]> {
  const { body: document } = await client.get('/openapi.json');
  const most: number = document.components.schemas.PredictionsRequest.properties.inputs.maxItems;
  const lines: string[] = [];
  for (let first = 0; first < cases.length; first += most) {
    const list = cases.slice(first, first + most);
    const answer = await client.predict({ inputs: list.map(({ input }) => input) });
    const { status, body } = await inTheEnd(client, answer);
    if (status !== 200) lines.push(`from case ${first}: ${status} ${JSON.stringify(body)}`);
    else lines.push(...skewOfList(first, list, body.predictions));
  }
  return lines;
}

/** As {@link skewOneByOne}, of answers in the order of the cases. */
export function skewOfList(
  first: number,
  list: readonly GoldenCase[],
  predictions: readonly { readonly prediction: Record<string, unknown> }[],
): string[] {
  return list.flatMap((one, index) => skew(one, first + index, predictions[index]?.prediction ?? {}));
}

/** What a request is answered in the end: at once, or after it was accepted. */
async function inTheEnd(client: ModelClient, first: Answer): Promise<Answer> {
  if (first.status !== 202) return first;
  const { predictionId, predictions } = first.body;
  if (predictions === undefined) return await laterAnswer(client, predictionId);
  const finished: unknown[] = [];
  for (const one of predictions) finished.push((await laterAnswer(client, one.predictionId)).body);
  return { ...first, status: 200, body: { predictions: finished } };
}

function skew(
  { output, tolerance }: GoldenCase,
  index: number,
  prediction: Record<string, unknown>,
): string[] {
  const served = Object.fromEntries(Object.entries(prediction).map(([field, value]) => [field, bare(value)]));
  return skewOf(output, served, tolerance).map(
    ({ field, expected, got }) => `case ${index}, ${field}: served ${got}, trained ${expected}`,
  );
}

/** A quantity leaves the API with its unit; anything else is bare. */
function bare(served: unknown): unknown {
  return typeof served === 'object' && served !== null && 'value' in served ? served.value : served;
}
