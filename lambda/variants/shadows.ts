import { METRICS } from '../../contract/metrics.ts';
import type { Model } from '../../contract/model.ts';
import { ProblemError } from '../../contract/problems.ts';
import { type Capture, RESPONSE_RESERVE_MS } from '../capture/capture.ts';
import type { PredictionRecord } from '../capture/record.ts';
import type { Deadline } from '../http/deadline.ts';
import { loggable } from '../http/loggable.ts';
import { logger } from '../observability.ts';
import { checkedOutputs } from '../operations/checked-outputs.ts';
import type { PredictionContext, Predictor, Values } from '../predictors/predictor.ts';
import { countByVariant } from './count.ts';
import { shadowRecord } from './shadow-record.ts';
import type { ShadowStore } from './shadow-store.ts';

/** A variant that is asked and never answers. */
export interface Shadow {
  readonly name: string;
  readonly version: string;
  readonly predictor: Predictor;
}

export interface ShadowPorts {
  readonly model: Model;
  readonly shadows: readonly Shadow[];
  readonly store: ShadowStore;
  /** The longest that an answer waits for its shadows once it is known, in milliseconds. */
  readonly budgetMs: number;
  readonly now: () => number;
}

/** The parts of predicting that shadows go along with. */
export interface Shadowed {
  readonly predictor: Predictor;
  readonly capture: Capture;
}

/** What a shadow made of a request, or why it made nothing. */
type Asked =
  | { readonly outputs: readonly Values[]; readonly latencyMs: number }
  | { readonly error: unknown };

/**
 * Runs one request with its shadows. They are asked at the same time as the variant that answers; once its answer is
 * known, what they have made is stored while the answer is captured, for as long as the budget lasts. Lambda runs nothing
 * after a response, so what is not done by then is aborted and counted. Nothing a shadow does changes the outcome.
 */
export async function withShadows<T>(
  ports: ShadowPorts,
  { predictor, capture }: Shadowed,
  request: (shadowed: Shadowed) => Promise<T>,
): Promise<T> {
  if (ports.shadows.length === 0) return request({ predictor, capture });
  const over = new AbortController();
  let asked: readonly (readonly [Shadow, Promise<Asked>])[] = [];
  try {
    return await request({
      predictor: {
        predict: async (inputs, context) => {
          const answer = predictor.predict(inputs, context);
          const shadowContext = { ...context, signal: over.signal };
          asked = ports.shadows.map((shadow) => [shadow, ask(ports, shadow, inputs, shadowContext)]);
          return answer;
        },
      },
      capture: async (records, deadline) => {
        await Promise.all([capture(records, deadline), keepShadows(ports, asked, records, deadline, over)]);
      },
    });
  } finally {
    over.abort();
  }
}

/** Never rejects: nobody may be listening any more. */
async function ask(
  { model, now }: ShadowPorts,
  { predictor }: Shadow,
  inputs: readonly Values[],
  context: PredictionContext,
): Promise<Asked> {
  const started = now();
  try {
    const outputs = checkedOutputs(model, await predictor.predict(inputs, context));
    return { outputs, latencyMs: now() - started };
  } catch (error) {
    return { error };
  }
}

async function keepShadows(
  ports: ShadowPorts,
  asked: readonly (readonly [Shadow, Promise<Asked>])[],
  records: readonly PredictionRecord[],
  deadline: Deadline,
  over: AbortController,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    const waitMs = Math.min(ports.budgetMs, deadline.remainingMs(RESPONSE_RESERVE_MS));
    timer = setTimeout(() => resolve('late'), waitMs);
  });
  const outcomes = asked.map(async ([shadow, answer]) => {
    report(
      shadow.name,
      await Promise.race([keep(ports, shadow, answer, records, over.signal), late]),
      records,
    );
  });
  await Promise.all(outcomes);
  clearTimeout(timer);
}

type Outcome = 'stored' | 'late' | { readonly error: unknown };

async function keep(
  { model, store }: ShadowPorts,
  shadow: Shadow,
  answer: Promise<Asked>,
  records: readonly PredictionRecord[],
  signal: AbortSignal,
): Promise<Outcome> {
  const asked = await answer;
  if ('error' in asked) return asked;
  const { outputs, latencyMs } = asked;
  try {
    const kept = records.map((record, index) =>
      shadowRecord(record, shadow, { output: outputs[index] ?? {}, schema: model.output, latencyMs }),
    );
    await store.write(kept, signal);
    return 'stored';
  } catch (error) {
    return { error };
  }
}

function report(shadow: string, outcome: Outcome, records: readonly PredictionRecord[]): void {
  if (outcome === 'stored') {
    countByVariant(METRICS.shadowPredictions, shadow, records.length);
  } else if (outcome === 'late') {
    countByVariant(METRICS.shadowTimeouts, shadow, 1);
  } else {
    const { error } = outcome;
    const cause = error instanceof ProblemError ? (error.cause ?? error) : error;
    logger.warn('shadow failed', { shadow, error: loggable(cause) });
    countByVariant(METRICS.shadowErrors, shadow, 1);
  }
}
