import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', '..', 'models', 'barley-yield');

interface Case {
  readonly input: { readonly variety: string; readonly site: string };
  readonly output: { readonly yield: number };
  readonly published: { readonly yield: number };
}

interface Trial {
  readonly variety: string;
  readonly site: string;
  readonly year: number;
  readonly yield: number;
}

const artifact = (name: string) => JSON.parse(readFileSync(join(FOLDER, 'artifacts', name), 'utf8'));
const cases: readonly Case[] = artifact('reference.json').cases;

const trials: readonly Trial[] = readFileSync(join(FOLDER, 'training', 'barley.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [bushels, variety = '', year, site = ''] = line.split(',');
    return { variety, site, year: Number(year), yield: Number(bushels) };
  });

describe('the published trials', () => {
  it('are ten varieties at six sites in two years, each once', () => {
    expect(new Set(trials.map(({ variety }) => variety)).size).toBe(10);
    expect(new Set(trials.map(({ site }) => site)).size).toBe(6);
    expect(new Set(trials.map(({ variety, site, year }) => `${variety}|${site}|${year}`)).size).toBe(120);
    expect(new Set(trials.map(({ year }) => year))).toEqual(new Set([1931, 1932]));
  });

  it('have the extremes that were published', () => {
    const yields = trials.map((trial) => trial.yield);
    expect(Math.min(...yields)).toBe(14.43333);
    expect(Math.max(...yields)).toBe(65.7667);
  });

  it('show the doubt about Morris: the one site that yielded more in 1932', () => {
    const mean = (site: string, year: number) => {
      const rows = trials.filter((trial) => trial.site === site && trial.year === year);
      return rows.reduce((sum, trial) => sum + trial.yield, 0) / rows.length;
    };
    const sites = [...new Set(trials.map(({ site }) => site))];
    expect(sites.filter((site) => mean(site, 1932) > mean(site, 1931))).toEqual(['Morris']);
  });
});

describe('the reference predictions', () => {
  it('cover every variety at every site', () => {
    const pairs = new Set(cases.map(({ input }) => `${input.variety}|${input.site}`));
    expect(pairs).toEqual(new Set(trials.map(({ variety, site }) => `${variety}|${site}`)));
    expect(cases).toHaveLength(60);
  });

  it('state 53.80 kg/ha for each bu/acre that the trainer predicted', () => {
    const perBushel = (48 * 0.45359237) / 0.40468564224;
    expect(perBushel).toBeCloseTo(53.8, 2);
    for (const { output, published } of cases) {
      expect(output.yield / published.yield).toBeCloseTo(perBushel, 10);
    }
  });

  it('average to the mean of the training season, as those of an additive model do', () => {
    const season = trials.filter(({ year }) => year === 1931);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(cases.map(({ published }) => published.yield))).toBeCloseTo(
      mean(season.map((row) => row.yield)),
      8,
    );
  });
});

describe('the exported model', () => {
  const column = (values: readonly string[]) => new Tensor('string', [...values], [values.length, 1]);
  const open = () =>
    InferenceSession.create(join(FOLDER, 'artifacts', 'model.onnx'), {
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });

  it('takes two columns of strings and gives one of floats', async () => {
    const session = await open();
    expect(session.inputMetadata).toMatchObject([
      { name: 'variety', type: 'string' },
      { name: 'site', type: 'string' },
    ]);
    expect(session.outputMetadata).toMatchObject([{ name: 'yield_bu_per_acre', type: 'float32' }]);
  });

  it("equals the trainer's predictions within 1e-5, in one run of all", async () => {
    const session = await open();
    const { yield_bu_per_acre: predicted } = await session.run({
      variety: column(cases.map(({ input }) => input.variety)),
      site: column(cases.map(({ input }) => input.site)),
    });
    expect(predicted?.dims).toEqual([60, 1]);
    for (const [index, { published }] of cases.entries()) {
      expect(Math.abs(Number(predicted?.data[index]) / published.yield - 1)).toBeLessThan(1e-5);
    }
  });

  it('refuses a variety that it was not trained with', async () => {
    const session = await open();
    const inputs = { variety: column(['Golden Promise']), site: column(['Waseca']) };
    await expect(session.run(inputs, { logSeverityLevel: 4 })).rejects.toThrow('Unknown Category');
  });
});

describe('the metrics', () => {
  it('show why the model was chosen and what another season does to it', () => {
    const { chosen, crossValidation, test } = artifact('metrics.json');
    const errors = Object.values<{ rmse_bu_per_acre: number }>(crossValidation.candidates);
    const rmse = crossValidation.candidates[chosen].rmse_bu_per_acre;
    expect(rmse).toBe(Math.min(...errors.map((error) => error.rmse_bu_per_acre)));
    expect(rmse).toBeLessThan(crossValidation.candidates.mean.rmse_bu_per_acre / 2);
    expect(test.allSites.rows).toBe(60);
    expect(test.withoutMorris.rows).toBe(50);
    expect(test.allSites.rmse_bu_per_acre).toBeGreaterThan(rmse);
  });
});

describe('the baseline', () => {
  const { input, prediction } = artifact('baseline.json');

  it('has the share of every category', () => {
    const total = (shares: Record<string, number>) =>
      Object.values(shares).reduce((sum, share) => sum + share, 0);
    expect(total(input.variety.shares)).toBeCloseTo(1, 12);
    expect(Object.keys(input.site.shares)).toHaveLength(6);
    expect(input.site.shares.Waseca).toBeCloseTo(1 / 6, 12);
  });

  it('has the deciles of the predictions in kg/ha', () => {
    const yields = cases.map(({ output }) => output.yield);
    expect(prediction.yield.unit).toBe('kg/ha');
    expect(prediction.yield.deciles).toHaveLength(11);
    expect(prediction.yield.deciles[0]).toBeCloseTo(Math.min(...yields), 5);
    expect(prediction.yield.deciles[10]).toBeCloseTo(Math.max(...yields), 5);
    expect(prediction.yield.deciles).toEqual([...prediction.yield.deciles].sort((a, b) => a - b));
  });
});
