import { type Skew, skewOf } from '../../contract/golden/golden.ts';
import type { GoldenCase, GoldenPredictions } from '../../contract/golden/golden-cases.ts';
import { CHAMPION } from '../../contract/model/answering-variant.ts';
import type { GoldenAnswer } from './golden-question.ts';
import { NotYet, VerificationFailed } from './patience.ts';

/** Problems of an endpoint that is only just starting, woken by the question even, or busy; and of a bucket for a while. */
const PASSING_PROBLEMS = new Set([
  'model-timeout',
  'model-unavailable',
  'model-starting',
  'model-throttled',
  'store-unavailable',
]);

/** The input of a wrong case, in a reason that has to stay short, in characters. */
const INPUT_SHOWN = 200;

/**
 * Holds a variant to golden predictions. The champion has to answer what they say. Another variant is another model: it has
 * to answer each of them within the contract, which the function that predicts has checked, with whatever values.
 * @throws {NotYet} where asking again may help, {VerificationFailed} where it does not
 */
export function judgeAnswer(golden: GoldenPredictions, variant: string, answer: GoldenAnswer): void {
  if ('problem' in answer) throw unanswered(variant, answer.problem);
  if (variant === CHAMPION) compare(golden, answer.outputs);
  else count(golden, variant, answer.outputs.length);
}

function unanswered(
  variant: string,
  { code, detail, errors = [] }: Extract<GoldenAnswer, { problem: object }>['problem'],
): Error {
  const [first] = errors;
  const place = first === undefined ? '' : ` (${first.path}: ${first.detail})`;
  const subject =
    variant === CHAMPION
      ? 'Golden predictions are answered'
      : `The variant ${variant} answers golden predictions`;
  const message = `${subject} with the problem ${code}: ${detail}${place}`;
  return PASSING_PROBLEMS.has(code) ? new NotYet(message) : new VerificationFailed(message);
}

function compare(
  { cases, tolerance }: GoldenPredictions,
  outputs: readonly Readonly<Record<string, unknown>>[],
): void {
  const wrong = cases.flatMap((one, index) => {
    const skew = skewOf(one.output, outputs[index] ?? {}, tolerance);
    return skew.length === 0 ? [] : [{ one, skew }];
  });
  const [first] = wrong;
  if (first === undefined) return;
  throw new VerificationFailed(
    `${wrong.length} of ${cases.length} golden predictions are answered wrongly. For ${shown(first.one)}: ${first.skew.map(described).join('; ')}.`,
  );
}

function count({ cases }: GoldenPredictions, variant: string, answers: number): void {
  if (answers === cases.length) return;
  throw new VerificationFailed(
    `The variant ${variant} gives ${answers} answers to ${cases.length} golden predictions.`,
  );
}

function shown({ input }: GoldenCase): string {
  const text = JSON.stringify(input);
  return text.length > INPUT_SHOWN ? `${text.slice(0, INPUT_SHOWN)}…` : text;
}

function described({ field, expected, got }: Skew): string {
  return `${field} should be ${JSON.stringify(expected)} and is ${JSON.stringify(got)}`;
}
