import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { predictionRecord } from '../../../lambda/capture/record.ts';
import { logger } from '../../../lambda/observability.ts';
import type { PredictionContext, Predictor, Values } from '../../../lambda/predictors/predictor.ts';
import type { ShadowRecord } from '../../../lambda/variants/shadow-record.ts';
import { type Shadowed, type ShadowPorts, withShadows } from '../../../lambda/variants/shadows.ts';
import { countedByVariant } from '../support/counted.ts';
import { computed, REQUEST_ID, request } from '../support/ports.ts';

const NOW = Date.parse('2026-05-04T03:02:01Z');
const CHAMPION: Predictor = { predict: async (inputs) => inputs.map(() => ({ harvest: 6 })) };
const never = () => new Promise<never>(() => {});

let counted: readonly string[];
let stored: ShadowRecord[];
let captured: number;
beforeEach(() => {
  counted = countedByVariant();
  stored = [];
  captured = 0;
});
afterEach(() => vi.restoreAllMocks());

function portsOf(predict: Predictor['predict'], others: Partial<ShadowPorts> = {}): ShadowPorts {
  let time = 0;
  return {
    model: computed,
    shadows: [{ name: 'forest', version: '1.9.0', predictor: { predict } }],
    store: {
      write: async (records) => {
        stored.push(...records);
      },
    },
    budgetMs: 20,
    now: () => (time += 5),
    ...others,
  };
}

/** What the predict operation does with what it is given, as far as shadows see it. */
async function answerWith({ predictor, capture }: Shadowed, inputs: readonly Values[] = [{ area: 2 }]) {
  const context: PredictionContext = request();
  const outputs = await predictor.predict(inputs, context);
  const circumstances = {
    model: computed,
    variant: 'champion',
    now: NOW,
    retentionDays: 1,
    requestId: REQUEST_ID,
    traceId: undefined,
  };
  const records = outputs.map((output, index) =>
    predictionRecord(`ID${index}`, inputs[index] ?? {}, output, circumstances),
  );
  await capture(records, context.deadline);
  return outputs;
}

const shadowed = (ports: ShadowPorts, inputs?: readonly Values[]) =>
  withShadows(
    ports,
    {
      predictor: CHAMPION,
      capture: async (records) => {
        captured += records.length;
      },
    },
    (serving) => answerWith(serving, inputs),
  );

describe('a shadow', () => {
  it('is asked the same inputs, and its predictions are stored beside the ones that were answered', async () => {
    const asked: unknown[] = [];
    const ports = portsOf(async (inputs) => {
      asked.push(inputs);
      return inputs.map(({ area }) => ({ harvest: Number(area) * 4 }));
    });

    expect(await shadowed(ports, [{ area: 2 }, { area: 3 }])).toEqual([{ harvest: 6 }, { harvest: 6 }]);
    expect(asked).toEqual([[{ area: 2 }, { area: 3 }]]);
    expect(captured).toBe(2);
    expect(stored).toEqual(
      [8, 12].map((value, index) => ({
        predictionId: `ID${index}`,
        record: 'shadow#forest',
        model: 'harvest',
        version: '1.9.0',
        variant: 'forest',
        createdAt: '2026-05-04T03:02:01.000Z',
        prediction: { harvest: { value, unit: 't' } },
        latencyMs: 5,
        requestId: REQUEST_ID,
        expiresAt: NOW / 1000 + 86_400,
      })),
    );
    expect(counted).toEqual(['ShadowPredictions forest 2']);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('broken'))],
    ['answers what the contract excludes', async () => [{ harvest: Number.NaN }]],
  ])('that %s is counted and changes nothing', async (_, predict) => {
    expect(await shadowed(portsOf(predict))).toEqual([{ harvest: 6 }]);
    expect(captured).toBe(1);
    expect(stored).toEqual([]);
    expect(counted).toEqual(['ShadowErrors forest 1']);
  });

  it('that fails leaves no payload in the log', async () => {
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => {});
    const answered = Object.assign(new Error('the field is 4711'), { name: 'ModelError' });
    const cause = Object.assign(answered, { OriginalStatusCode: 500 });

    await shadowed(
      portsOf(() => Promise.reject(new ProblemError('model-error', 'The model failed.', { cause }))),
    );
    expect(warn).toHaveBeenCalledWith('shadow failed', {
      shadow: 'forest',
      error: { name: 'ModelError', OriginalStatusCode: 500 },
    });
  });

  it('that never answers is given up after its budget', async () => {
    let signal: AbortSignal | undefined;
    const ports = portsOf((_, context) => {
      signal = context.signal;
      return never();
    });

    expect(await shadowed(ports)).toEqual([{ harvest: 6 }]);
    expect(signal?.aborted).toBe(true);
    expect(counted).toEqual(['ShadowTimeouts forest 1']);
  });

  it('whose table does not answer is given up after the same budget', async () => {
    let signal: AbortSignal | undefined;
    const write = (_: unknown, aborted: AbortSignal) => {
      signal = aborted;
      return never();
    };

    await shadowed(portsOf(CHAMPION.predict, { store: { write } }));
    expect(signal?.aborted).toBe(true);
    expect(counted).toEqual(['ShadowTimeouts forest 1']);
  });

  it('whose predictions the table refuses is counted as failed', async () => {
    const write = () => Promise.reject(new Error('throttled'));

    await shadowed(portsOf(CHAMPION.predict, { store: { write } }));
    expect(counted).toEqual(['ShadowErrors forest 1']);
  });

  it('does not keep another shadow from being stored', async () => {
    const ports = portsOf(never);
    const { shadows } = ports;
    const other = { name: 'ridge', version: '1.1.0', predictor: CHAMPION };

    await shadowed({ ...ports, shadows: [...shadows, other] });
    expect(stored.map(({ record }) => record)).toEqual(['shadow#ridge']);
    expect([...counted].sort()).toEqual(['ShadowPredictions ridge 1', 'ShadowTimeouts forest 1']);
  });

  it('is given up at once where the request fails', async () => {
    let signal: AbortSignal | undefined;
    const ports = portsOf((_, context) => {
      signal = context.signal;
      return never();
    });
    const failing: Predictor = { predict: () => Promise.reject(new Error('the champion fails')) };
    const serving = { predictor: failing, capture: async () => {} };

    await expect(withShadows(ports, serving, (given) => answerWith(given))).rejects.toThrow(
      'the champion fails',
    );
    expect(signal?.aborted).toBe(true);
    expect(counted).toEqual([]);
  });
});

describe('a model without shadows', () => {
  it('predicts and captures as it is', async () => {
    const serving = { predictor: CHAMPION, capture: async () => {} };
    let given: Shadowed | undefined;
    await withShadows({ ...portsOf(never), shadows: [] }, serving, async (one) => {
      given = one;
    });

    expect(given).toEqual(serving);
  });
});
