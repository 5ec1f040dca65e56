import { setMaxListeners } from 'node:events';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { METRICS } from '../../contract/observability/metrics.ts';
import { metrics } from '../observability.ts';
import { asStoreProblem } from '../store-errors.ts';
import { inBatches } from './batch-write.ts';
import { FEEDBACK, type FeedbackRecord, PREDICTION } from './record.ts';
import type { PredictionStore, StoredPrediction, WriteOutcome } from './store.ts';

/** How often what DynamoDB left unprocessed is sent again before it is given up. */
const BATCH_ATTEMPTS = 3;

/** The store in a DynamoDB table with the keys `predictionId` and `record`; one client for the life of the function. */
export function dynamoDbStore(tableName: string): PredictionStore {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 2 }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    write: (records, signal) => writeRecords(client, tableName, records, signal),
    read: async (predictionId, abortSignal) => {
      const command = new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'predictionId = :id',
        ExpressionAttributeValues: { ':id': predictionId },
        // A client may read what it has just been answered.
        ConsistentRead: true,
      });
      const { Items = [] } = await available(client.send(command, { abortSignal }));
      const prediction = Items.find(({ record }) => record === PREDICTION) as
        | StoredPrediction['prediction']
        | undefined;
      const feedback = Items.find(({ record }) => record === FEEDBACK) as FeedbackRecord | undefined;
      return prediction && { prediction, feedback };
    },
    has: async (predictionId, abortSignal) => {
      const command = new GetCommand({
        TableName: tableName,
        Key: { predictionId, record: PREDICTION },
        ProjectionExpression: 'predictionId',
        ConsistentRead: true,
      });
      return (await available(client.send(command, { abortSignal }))).Item !== undefined;
    },
    addFeedback: async (feedback, abortSignal) => {
      const command = new PutCommand({
        TableName: tableName,
        Item: feedback,
        ConditionExpression: 'attribute_not_exists(predictionId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await available(client.send(command, { abortSignal }));
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // A first attempt whose answer was lost has stored it: the retry of this very request finds its own record.
        return error.Item?.requestId?.S === feedback.requestId;
      }
    },
  };
}

/** Puts what DynamoDB takes until the signal aborts; answers the records that it did not take, and why. */
export async function writeRecords<R extends object>(
  client: DynamoDBDocumentClient,
  tableName: string,
  records: readonly R[],
  signal: AbortSignal,
): Promise<WriteOutcome<R>> {
  // One listener for each batch under way, and there may be forty: no leak, whatever Node's default suspects.
  setMaxListeners(0, signal);
  const outcomes = await Promise.all(
    inBatches(records).map((chunk) => writeChunk(client, tableName, chunk, signal)),
  );
  return {
    unwritten: outcomes.flatMap(({ unwritten }) => unwritten),
    error: outcomes.find(({ error }) => error !== undefined)?.error,
  };
}

async function writeChunk<R extends object>(
  client: DynamoDBDocumentClient,
  tableName: string,
  records: readonly R[],
  abortSignal: AbortSignal,
): Promise<WriteOutcome<R>> {
  let pending = records;
  try {
    for (let attempt = 0; attempt < BATCH_ATTEMPTS && pending.length > 0; attempt += 1) {
      const puts = pending.map((Item) => ({ PutRequest: { Item } }));
      const command = new BatchWriteCommand({ RequestItems: { [tableName]: puts } });
      const { UnprocessedItems } = await client.send(command, { abortSignal });
      pending = (UnprocessedItems?.[tableName] ?? []).map(({ PutRequest }) => PutRequest?.Item as R);
    }
    return { unwritten: pending };
  } catch (error) {
    if (pending.length > 1 && REFUSED_CONTENT.has((error as Error).name)) {
      // One record that can't be stored must not keep the others of its batch out.
      const each = await Promise.all(
        pending.map((record) => writeChunk(client, tableName, [record], abortSignal)),
      );
      return { unwritten: each.flatMap(({ unwritten }) => unwritten), error };
    }
    return { unwritten: pending, error };
  }
}

/** What DynamoDB says to a batch that holds something it does not take, such as an item of more than 400 KB. */
const REFUSED_CONTENT = new Set(['ValidationException', 'ItemCollectionSizeLimitExceededException']);

/** Passes an answer on; every failure is counted, and one that may pass by itself becomes `store-unavailable`. */
export async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw error;
    metrics.addMetric(METRICS.tableErrors, MetricUnit.Count, 1);
    throw asStoreProblem(error, 'Stored predictions can not be reached at the moment. Try again shortly.');
  }
}
