import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Warning } from '../../contract/api/answers.ts';
import type { CallbackStatus } from '../../contract/api/callbacks.ts';
import type { ProblemDocument } from '../../contract/problems/problems.ts';
import type { PendingRecord } from '../capture/asynchronous-record.ts';
import { available, writeRecords } from '../capture/dynamodb-store.ts';
import { PREDICTION } from '../capture/record.ts';
import type { Values } from '../predictors/predictor.ts';

/** How an accepted prediction ended. */
export type Outcome =
  | {
      readonly predictionId: string;
      /** With units, as records hold them. */
      readonly prediction: Values;
      /** About the prediction; those about the input are stored already. */
      readonly warnings: readonly Warning[];
    }
  | { readonly predictionId: string; readonly problem: ProblemDocument };

/**
 * How the latest invocation ended, and when, as `Date.toISOString` writes it, so that texts compare as times do: what is
 * known of a model that can't be asked at once.
 */
const lastOutcomeSchema = z.object({ succeeded: z.boolean(), at: z.string() });

export type LastOutcome = z.output<typeof lastOutcomeSchema>;

/** Every method throws {@link ProblemError} `store-unavailable` where the store fails for a while. */
export interface OutcomeStore {
  /** Keeps accepted predictions, all of them. */
  keep(records: readonly PendingRecord[], signal: AbortSignal): Promise<void>;
  /** False where the prediction is not pending (any more): the first outcome stays. */
  finish(outcome: Outcome, signal: AbortSignal): Promise<boolean>;
  /** How a prediction ended; undefined where it has not, or is not there any more. */
  statusOf(predictionId: string, signal: AbortSignal): Promise<CallbackStatus | undefined>;
  /** Changes nothing where a later outcome is known. */
  noteOutcome(outcome: LastOutcome, signal: AbortSignal): Promise<void>;
  lastOutcome(signal: AbortSignal): Promise<LastOutcome | undefined>;
}

/** Only predictions that are not there have a status in the table. */
const endSchema = z.object({ status: z.enum(['pending', 'failed', 'succeeded']).default('succeeded') });

/** The key of the item that holds the latest outcome: no prediction has it, because no id is spelled so. */
const LAST_OUTCOME = { predictionId: 'asynchronous-endpoint', record: 'last-outcome' };

/** Outcomes in the feedback table; one client for the life of the function. */
export function dynamoDbOutcomes(tableName: string): OutcomeStore {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 2 }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    keep: async (records, signal) => {
      const { unwritten, error } = await writeRecords(client, tableName, records, signal);
      if (unwritten.length === 0) return;
      await available(Promise.reject(error ?? new Error(`${unwritten.length} records left unprocessed`)));
    },
    finish: async (outcome, abortSignal) => {
      const { values, expression } = change(outcome);
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { predictionId: outcome.predictionId, record: PREDICTION },
        UpdateExpression: expression,
        ConditionExpression: '#status = :pending',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':pending': 'pending', ...values },
      });
      try {
        await available(client.send(command, { abortSignal }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    statusOf: async (predictionId, abortSignal) => {
      const command = new GetCommand({
        TableName: tableName,
        Key: { predictionId, record: PREDICTION },
        ProjectionExpression: 'predictionId, #status',
        ExpressionAttributeNames: { '#status': 'status' },
        ConsistentRead: true,
      });
      const { Item } = await available(client.send(command, { abortSignal }));
      const { status } = Item === undefined ? { status: undefined } : endSchema.parse(Item);
      return status === 'pending' ? undefined : status;
    },
    noteOutcome: async ({ succeeded, at }, abortSignal) => {
      const command = new UpdateCommand({
        TableName: tableName,
        Key: LAST_OUTCOME,
        UpdateExpression: 'SET #succeeded = :succeeded, #at = :at',
        ConditionExpression: 'attribute_not_exists(#at) OR #at <= :at',
        ExpressionAttributeNames: { '#succeeded': 'succeeded', '#at': 'at' },
        ExpressionAttributeValues: { ':succeeded': succeeded, ':at': at },
      });
      try {
        await available(client.send(command, { abortSignal }));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    lastOutcome: async (abortSignal) => {
      const command = new GetCommand({ TableName: tableName, Key: LAST_OUTCOME });
      const { Item } = await available(client.send(command, { abortSignal }));
      return Item === undefined ? undefined : lastOutcomeSchema.parse(Item);
    },
  };
}

function change(outcome: Outcome): {
  readonly expression: string;
  readonly values: Record<string, unknown>;
} {
  if ('problem' in outcome) {
    return {
      expression: 'SET #status = :failed, problem = :problem REMOVE pendingUntil',
      values: { ':failed': 'failed', ':problem': outcome.problem },
    };
  }
  return {
    expression:
      'SET prediction = :prediction, warnings = list_append(warnings, :warnings) REMOVE #status, pendingUntil',
    values: { ':prediction': outcome.prediction, ':warnings': outcome.warnings },
  };
}
