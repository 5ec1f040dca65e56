import type { Invocation } from '../../lambda/asynchronous/invoker.ts';
import type { LastOutcome, Outcome, OutcomeStore } from '../../lambda/asynchronous/outcome-store.ts';
import type { Payloads } from '../../lambda/asynchronous/payloads.ts';
import type { FailedRecord, PendingRecord } from '../../lambda/capture/asynchronous-record.ts';
import type { PredictionRecord } from '../../lambda/capture/record.ts';

/** The bucket, the table and the endpoint's queue in memory; `steps` tells the order in which they were used. */
export function memoryEndpoint() {
  const steps: string[] = [];
  const objects = new Map<string, string>();
  const records = new Map<string, PredictionRecord | PendingRecord | FailedRecord>();
  const invocations: Invocation[] = [];
  let last: LastOutcome | undefined;
  const payloads: Payloads = {
    put: async (key, body) => {
      steps.push(`put ${key}`);
      objects.set(key, body);
    },
    get: async (key) => {
      const body = objects.get(key);
      if (body === undefined) throw new Error(`NoSuchKey: ${key}`);
      return body;
    },
    uri: (key) => `s3://bucket/${key}`,
    keyOf: (uri) => uri.replace('s3://bucket/', ''),
  };
  const outcomes: OutcomeStore = {
    keep: async (pending) => {
      for (const record of pending) {
        steps.push(`keep ${record.predictionId}`);
        records.set(record.predictionId, record);
      }
    },
    finish: async (outcome) => {
      const record = records.get(outcome.predictionId);
      if (record?.status !== 'pending') return false;
      records.set(outcome.predictionId, finished(record, outcome));
      return true;
    },
    noteOutcome: async (outcome) => {
      last = outcome;
    },
    lastOutcome: async () => last,
  };
  const invoke = async (invocation: Invocation) => {
    steps.push(`invoke ${invocation.invocationId}`);
    invocations.push(invocation);
  };
  return { steps, objects, records, invocations, payloads, outcomes, invoke };
}

function finished(record: PendingRecord, outcome: Outcome): PredictionRecord | FailedRecord {
  const { status: _, pendingUntil: __, ...rest } = record;
  if ('problem' in outcome) return { ...rest, status: 'failed', problem: outcome.problem };
  return { ...rest, prediction: outcome.prediction, warnings: [...rest.warnings, ...outcome.warnings] };
}
