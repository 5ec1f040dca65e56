import type { SQSRecord } from 'aws-lambda';
import { formatInvocationId } from '../../../lambda/asynchronous/invocation-id.ts';
import type { Invocation } from '../../../lambda/asynchronous/invoker.ts';
import type { LastOutcome, Outcome, OutcomeStore } from '../../../lambda/asynchronous/outcome-store.ts';
import type { Payloads } from '../../../lambda/asynchronous/payloads.ts';
import type { FailedRecord, PendingRecord } from '../../../lambda/capture/asynchronous-record.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import type { ShadowRecord } from '../../../lambda/variants/shadow-record.ts';
import type { ShadowStore } from '../../../lambda/variants/shadow-store.ts';

/** The bucket, the table and the endpoint's queue in memory; `steps` tells the order in which they were used. */
export function memoryEndpoint() {
  const steps: string[] = [];
  const objects = new Map<string, string>();
  const records = new Map<string, PredictionRecord | PendingRecord | FailedRecord>();
  const invocations: Invocation[] = [];
  const shadowRecords = new Map<string, ShadowRecord>();
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
    find: async (key) => objects.get(key),
    delete: async (key) => {
      steps.push(`delete ${key}`);
      objects.delete(key);
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
    statusOf: async (predictionId) => {
      const record = records.get(predictionId);
      if (record === undefined || record.status === 'pending') return undefined;
      return record.status ?? 'succeeded';
    },
    noteOutcome: async (outcome) => {
      if (last === undefined || last.at <= outcome.at) last = outcome;
    },
    lastOutcome: async () => last,
  };
  const shadowStore: ShadowStore = {
    write: async (written) => {
      for (const record of written) shadowRecords.set(`${record.predictionId} ${record.record}`, record);
    },
  };
  const invoke = async (invocation: Invocation) => {
    steps.push(`invoke ${formatInvocationId(invocation)}`);
    invocations.push(invocation);
    const name = formatInvocationId(invocation);
    return {
      outputUri: `s3://bucket/outputs/${name}.out`,
      failureUri: `s3://bucket/failures/${name}-error.out`,
    };
  };
  return {
    codec: codecNamed('oip'),
    steps,
    objects,
    records,
    invocations,
    shadowRecords,
    payloads,
    outcomes,
    shadowStore,
    invoke,
  };
}

/** A message of the queue that notifications come through, from an endpoint that took 2.5 s. */
export function notified(notification: object): SQSRecord {
  const times = { receivedTime: '2026-05-04T03:02:01.500Z', eventTime: '2026-05-04T03:02:04.000Z' };
  return messageOf(JSON.stringify({ ...times, ...notification }));
}

export function messageOf(body: string): SQSRecord {
  return { messageId: 'm-1', body } as SQSRecord;
}

/** What a model server answers. */
export function harvests(...data: readonly number[]): string {
  return JSON.stringify({ outputs: [{ name: 'harvest', shape: [data.length, 1], datatype: 'FP32', data }] });
}

function finished(record: PendingRecord, outcome: Outcome): PredictionRecord | FailedRecord {
  const { status: _, pendingUntil: __, ...rest } = record;
  if ('problem' in outcome) return { ...rest, status: 'failed', problem: outcome.problem };
  return { ...rest, prediction: outcome.prediction, warnings: [...rest.warnings, ...outcome.warnings] };
}
