import { predictionRecord } from '../../../lambda/capture/record.ts';
import { computed, memoryStore } from './ports.ts';

export const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
export const NOW = Date.parse('2026-05-04T03:02:01Z');

/** A store that holds one prediction of the computed model. */
export async function storeWithPrediction() {
  const memory = memoryStore();
  const circumstances = {
    model: computed,
    variant: 'champion',
    now: NOW,
    retentionDays: 1,
    requestId: 'R',
    traceId: undefined,
  };
  await memory.store.write(
    [predictionRecord(ID, { area: 2 }, { harvest: 6 }, circumstances)],
    AbortSignal.timeout(1000),
  );
  return memory;
}
