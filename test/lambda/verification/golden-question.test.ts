import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import type { Predictor } from '../../../lambda/predictors/predictor.ts';
import { answerGolden, isGoldenQuestion } from '../../../lambda/verification/golden-question.ts';
import { computed } from '../support/ports.ts';

const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 10_000 } as Context;
const threefold: Predictor = {
  predict: async (inputs) => inputs.map(({ area }) => ({ harvest: Number(area) * 3 })),
};
const question = (inputs: object[], variant = 'champion') => ({
  goldenPredictions: { variant, name: 'question-1', inputs: inputs as Record<string, unknown>[] },
});
const ask = (inputs: object[], predictor = threefold) =>
  answerGolden(computed, () => predictor, question(inputs), context);

describe('a verification’s question', () => {
  it('is answered by the way of a request: in whatever unit it comes, in the contract’s units, bare', async () => {
    expect(await ask([{ area: 2 }, { area: { value: 10_000, unit: 'm2' } }])).toEqual({
      outputs: [{ harvest: 6 }, { harvest: 3 }],
    });
  });

  it('is answered with the problem that a request would get', async () => {
    expect(await ask([{ area: -1 }])).toMatchObject({
      problem: { code: 'invalid-input', errors: [{ path: '/inputs/0/area' }] },
    });
  });

  it('is answered by the variant that it asks', async () => {
    const fivefold: Predictor = {
      predict: async (inputs) => inputs.map(({ area }) => ({ harvest: Number(area) * 5 })),
    };
    const predictorOf = (variant: string) => (variant === 'ridge' ? fivefold : threefold);

    expect(await answerGolden(computed, predictorOf, question([{ area: 2 }], 'ridge'), context)).toEqual({
      outputs: [{ harvest: 10 }],
    });
  });

  it('is told of an answer that breaks the contract, and of a model that can not be reached', async () => {
    const negative: Predictor = { predict: async () => [{ harvest: -1 }] };
    const away: Predictor = {
      predict: async () => {
        throw new ProblemError('model-unavailable', 'Try again.');
      },
    };

    expect(await ask([{ area: 2 }], negative)).toMatchObject({ problem: { code: 'model-error' } });
    expect(await ask([{ area: 2 }], away)).toEqual({
      problem: { code: 'model-unavailable', detail: 'Try again.' },
    });
  });

  it('hides what else goes wrong in the log', async () => {
    const broken: Predictor = {
      predict: async () => {
        throw new TypeError('secret');
      },
    };

    expect(JSON.stringify(await ask([{ area: 2 }], broken))).not.toContain('secret');
  });

  it('is none of the events that API Gateway sends', () => {
    const fromClient = { body: '{"goldenPredictions":{"inputs":[]}}', headers: {}, httpMethod: 'POST' };

    expect(isGoldenQuestion(fromClient)).toBe(false);
    expect(isGoldenQuestion(question([]))).toBe(true);
  });
});
