import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { differencesOf } from '../../../bin/train/compare-json.ts';
import { trainingsAgree } from '../../../bin/train/tolerance.ts';
import { COSTS, model, REFERRAL_THRESHOLD } from '../../../models/tumour-screening/model.ts';

const FOLDER = join(import.meta.dirname, '../../../models/tumour-screening/artifacts');
const FIELDS = Object.keys(model.input.shape);

interface Case {
  readonly input: Readonly<Record<string, number>>;
  readonly output: { readonly malignantProbability: number; readonly decision: string };
  readonly observed: { readonly diagnosis: string };
}

interface Measures {
  readonly log_loss: number;
  readonly false_negatives: number;
  readonly false_positives: number;
  readonly cost_per_case: number;
}

const artifact = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const cases: readonly Case[] = artifact('reference.json').cases;
const metrics = artifact('metrics.json');
const count = (decision: string, diagnosis: string) =>
  cases.filter(({ output, observed }) => output.decision === decision && observed.diagnosis === diagnosis)
    .length;

describe('the reference predictions', () => {
  it('are 114 held-out cases, malignant as often as in the data set', () => {
    expect(cases).toHaveLength(114);
    const malignant = cases.filter(({ observed }) => observed.diagnosis === 'malignant').length;
    expect(malignant / 114).toBeCloseTo(212 / 569, 2);
  });

  it('are valid by the contract, inputs and outputs', () => {
    for (const { input, output, observed } of cases) {
      expect(model.input.parse(input)).toEqual(input);
      expect(model.output.parse(output)).toEqual(output);
      expect(model.feedback?.parse(observed)).toEqual(observed);
    }
  });

  it('refer from the declared threshold on', () => {
    for (const { output } of cases) {
      expect(output.decision).toBe(output.malignantProbability >= REFERRAL_THRESHOLD ? 'refer' : 'routine');
    }
    expect(count('routine', 'benign')).toBeGreaterThan(0);
  });

  it('miss no cancer among the held-out cases, for 18 needless referrals', () => {
    expect(count('routine', 'malignant')).toBe(0);
    expect(count('refer', 'benign')).toBe(18);
    expect(metrics.test).toMatchObject({ rows: 114, false_negatives: 0, false_positives: 18 });
  });
});

describe('the exported model', () => {
  const open = () =>
    InferenceSession.create(join(FOLDER, 'model.onnx'), { intraOpNumThreads: 1, logSeverityLevel: 4 });

  it('takes a float64 column for each field of the contract, by its name', async () => {
    const { inputMetadata, outputMetadata } = await open();
    expect(inputMetadata.map(({ name }) => name)).toEqual(FIELDS);
    for (const metadata of inputMetadata) expect(metadata).toMatchObject({ type: 'float64' });
    expect(outputMetadata).toMatchObject([{ name: 'probabilities', type: 'float64' }]);
  });

  it("equals the trainer's probabilities within 1e-9, in one run of all", async () => {
    const session = await open();
    const column = (name: string) => Float64Array.from(cases, ({ input }) => input[name] ?? Number.NaN);
    const feeds = FIELDS.map((name) => [name, new Tensor('float64', column(name), [cases.length, 1])]);
    const { probabilities } = await session.run(Object.fromEntries(feeds));
    expect(probabilities?.dims).toEqual([114, 2]);
    for (const [row, { output }] of cases.entries()) {
      const probability = Number(probabilities?.data[2 * row + 1]);
      expect(Math.abs(probability / output.malignantProbability - 1)).toBeLessThan(1e-9);
    }
  });
});

describe('the metrics', () => {
  const { candidates, featureSets } = metrics.crossValidation as Record<string, Record<string, Measures>>;
  const chosen = candidates?.[metrics.chosen];

  it('were taken with the costs and the threshold that the model declares', () => {
    expect(metrics.decision).toEqual({ costs: COSTS, threshold: REFERRAL_THRESHOLD });
    const { false_negatives, false_positives, cost_per_case, rows } = metrics.test;
    const cost = false_negatives * COSTS.falseNegative + false_positives * COSTS.falsePositive;
    expect(cost_per_case).toBeCloseTo(cost / rows, 6);
  });

  it('show why the classifier was chosen', () => {
    const losses = Object.values(candidates ?? {}).map(({ log_loss }) => log_loss);
    expect(chosen?.log_loss).toBe(Math.min(...losses));
    expect(chosen?.log_loss).toBeLessThan((candidates?.prevalence?.log_loss ?? 0) / 5);
    expect(chosen?.cost_per_case).toBeLessThan((candidates?.prevalence?.cost_per_case ?? 0) / 3);
  });

  it('show why ten fields are asked for, and which', () => {
    const { mean, worst, all } = featureSets ?? {};
    // The same cross-validation twice, from tables of another layout: the sums may end in other bits.
    expect(differencesOf(chosen, worst, trainingsAgree)).toEqual([]);
    expect(worst?.log_loss).toBeLessThan((mean?.log_loss ?? 0) * 0.7);
    expect((worst?.cost_per_case ?? 1) - (all?.cost_per_case ?? 0)).toBeLessThan(0.02);
  });
});

describe('the baseline', () => {
  const { rows, input, prediction, actual } = artifact('baseline.json');

  it('is that of the cases that were learnt from', () => {
    expect(rows).toBe(455);
    expect(actual.diagnosis.shares.malignant).toBeCloseTo(212 / 569, 2);
    expect(actual.diagnosis.shares.malignant + actual.diagnosis.shares.benign).toBeCloseTo(1, 9);
  });

  it('has the deciles of every field, within the bounds of the contract', () => {
    expect(Object.keys(input)).toEqual(FIELDS);
    for (const [name, { deciles }] of Object.entries<{ deciles: number[] }>(input)) {
      expect(deciles).toHaveLength(11);
      expect(deciles).toEqual([...deciles].sort((a, b) => a - b));
      for (const extreme of [deciles[0], deciles[10]]) {
        const field = model.input.shape[name as keyof typeof model.input.shape];
        expect(field.safeParse(extreme).success).toBe(true);
      }
    }
  });

  it('has the share of referrals, which exceeds that of cancers', () => {
    expect(prediction.decision.shares.refer).toBeGreaterThan(actual.diagnosis.shares.malignant);
  });
});
