import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_TOLERANCE,
  type GoldenPredictions,
  type GoldenReading,
  readGolden,
  someOf,
} from '../../contract/golden/golden-cases.ts';
import { exampleInput } from '../../contract/model/example-input.ts';
import { exampleOf, hasArtifact, type Model } from '../../contract/model/model.ts';
import { maxInputs } from '../../contract/requests/request-images.ts';

/** Cases of one verification: it asks them all at once, and a first start on the laptop waits for it. */
const MOST_CASES = 8;

/**
 * What a deployment of a model has to answer rightly: some cases of what was read of its `artifacts/reference.json`. A model without that
 * file is held to its own example: one that is code has to answer it as here, one with an artifact within the contract. As here, and not to the last bit: the
 * function runs on another processor and another build of Node.js than the synthesis, whose `Math.exp` may end otherwise.
 * @throws {Error} where the file is not usable, which the check of the deployment has told before
 */
export function goldenPredictions(model: Model, reading: GoldenReading | undefined): GoldenPredictions {
  if (reading === undefined) return { tolerance: DEFAULT_TOLERANCE, cases: [exampleCase(model)] };
  if ('problems' in reading) throw new Error(`${referenceFile(model.name)}: ${reading.problems.join('; ')}`);
  return someOf(reading.golden, Math.min(MOST_CASES, maxInputs(model)));
}

/** A model's `reference.json`; undefined where it has none. */
export function readReference(root: string, model: Model): GoldenReading | undefined {
  const file = join(root, referenceFile(model.name));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return readGolden(model, text);
}

/** Where a model's golden predictions are, in the project. */
export function referenceFile(model: string): string {
  return `models/${model}/artifacts/reference.json`;
}

function exampleCase(model: Model): GoldenPredictions['cases'][number] {
  const input = exampleOf(model.input);
  if (hasArtifact(model)) return { input, output: {} };
  const output = model.predict(exampleInput(model));
  return { input, output: output as GoldenPredictions['cases'][number]['output'] };
}
