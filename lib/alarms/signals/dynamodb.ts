import { datadogTags } from './datadog-spelling.ts';
import type { Signal } from './signal.ts';

export interface TableSignalOptions {
  readonly tableName: string;
  /** What is asked of the table: DynamoDB counts its own failures by operation. */
  readonly operations: readonly string[];
}

/** Requests that DynamoDB answered with a failure of its own. */
export function tableSystemErrors({ tableName, operations }: TableSignalOptions): Signal {
  const ofTable = { TableName: tableName };
  return {
    metrics: operations.map((Operation) => ({
      namespace: 'AWS/DynamoDB',
      name: 'SystemErrors',
      dimensions: { ...ofTable, Operation },
    })),
    statistic: 'Sum',
    periodSeconds: 300,
    datadog: {
      metrics: ['aws.dynamodb.system_errors'],
      over: 'sum',
      across: 'sum',
      tags: datadogTags(ofTable),
      approximation: 'every operation of the table, not only those that the functions use',
    },
  };
}
