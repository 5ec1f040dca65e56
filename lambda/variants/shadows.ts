import type { Model } from '../../contract/model/model.ts';
import { type Capture, RESPONSE_RESERVE_MS } from '../capture/capture.ts';
import type { PredictionRecord } from '../capture/record.ts';
import type { Deadline } from '../http/deadline.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import type { PredictionContext, Predictor, Values } from '../predictors/predictor.ts';
import { shadowFailed, shadowLate, shadowStored, withinBudget } from './shadow-outcomes.ts';
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
  const waitMs = Math.min(ports.budgetMs, deadline.remainingMs(RESPONSE_RESERVE_MS));
  const kept = asked.map(([shadow, answer]) => keep(ports, shadow, answer, records, over.signal));
  const outcomes = await withinBudget(kept, waitMs);
  for (const [index, [{ name }]] of asked.entries()) {
    const outcome = outcomes[index];
    if (outcome === 'late') shadowLate(name);
    else if (outcome !== undefined) shadowFailed(name, outcome.error);
    else shadowStored(name, records.length);
  }
}

/** Undefined where everything was stored. */
async function keep(
  { model, store }: ShadowPorts,
  shadow: Shadow,
  answer: Promise<Asked>,
  records: readonly PredictionRecord[],
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  const asked = await answer;
  if ('error' in asked) return asked;
  const { outputs, latencyMs } = asked;
  try {
    const kept = records.map((record, index) =>
      shadowRecord(record, shadow, { output: outputs[index] ?? {}, schema: model.output, latencyMs }),
    );
    await store.write(kept, signal);
    return undefined;
  } catch (error) {
    return { error };
  }
}
