import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inBatches } from '../capture/batch-write.ts';
import type { ShadowRecord } from './shadow-record.ts';

/** Where shadow predictions are kept. */
export interface ShadowStore {
  /** @throws {Error} where not all records were stored. */
  write(records: readonly ShadowRecord[], signal: AbortSignal): Promise<void>;
}

/**
 * The feedback table, written to by a client of its own: shadows never compete with captures for connections. Nothing is
 * tried again: what a busy table does not take is given up, because a shadow must cost its callers nothing.
 */
export function dynamoDbShadowStore(tableName: string): ShadowStore {
  // Made with the first shadow's prediction: most models have none.
  let client: DynamoDBDocumentClient | undefined;
  return {
    write: async (records, abortSignal) => {
      client ??= DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));
      const table = client;
      const answers = await Promise.all(
        inBatches(records).map((batch) => {
          const puts = batch.map((Item) => ({ PutRequest: { Item } }));
          const command = new BatchWriteCommand({ RequestItems: { [tableName]: puts } });
          return table.send(command, { abortSignal });
        }),
      );
      const left = answers.flatMap(({ UnprocessedItems }) => UnprocessedItems?.[tableName] ?? []);
      if (left.length > 0) throw new Error(`the table left ${left.length} records unprocessed`);
    },
  };
}
