import { z } from 'zod';
import type { RequiredPermission } from '../core/iam/permission.ts';
import { AwsError } from '../core/wire/aws-error.ts';

/** How an operation names what it touches. */
type Target = 'table' | 'table or index' | 'tables' | 'resource' | 'nothing';

/** The operations that are emulated. Transactions, streams and backups are not. */
const OPERATIONS: Readonly<Record<string, Target>> = {
  BatchGetItem: 'tables',
  BatchWriteItem: 'tables',
  CreateTable: 'table',
  DeleteItem: 'table',
  DeleteTable: 'table',
  DescribeTable: 'table',
  DescribeTimeToLive: 'table',
  GetItem: 'table',
  ListTables: 'nothing',
  ListTagsOfResource: 'resource',
  PutItem: 'table',
  Query: 'table or index',
  Scan: 'table or index',
  TagResource: 'resource',
  UntagResource: 'resource',
  UpdateItem: 'table',
  UpdateTable: 'table',
};

const inputSchema = z.looseObject({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  ResourceArn: z.string().optional(),
  RequestItems: z.record(z.string(), z.unknown()).optional(),
});

export type OperationInput = z.infer<typeof inputSchema>;

/** The operation of an `X-Amz-Target` header; undefined where it is not emulated. */
export function operationOf(target: string | undefined): string | undefined {
  const [api, operation] = (target ?? '').split('.');
  return api === 'DynamoDB_20120810' && operation !== undefined && operation in OPERATIONS
    ? operation
    : undefined;
}

/** @throws {AwsError} SerializationException where the body is not an object of JSON */
export function parseInput(body: Buffer): OperationInput {
  try {
    return inputSchema.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new AwsError(400, 'SerializationException', 'The request body is not a valid DynamoDB request.');
  }
}

/** The tables that a request names. */
export function tablesOf(input: OperationInput): readonly string[] {
  const named = input.TableName === undefined ? [] : [input.TableName];
  return [...named, ...Object.keys(input.RequestItems ?? {})];
}

/** What a caller must be allowed to do, as IAM counts it: a batch once for every table. */
export function permissionsOf(
  operation: string,
  input: OperationInput,
  arnOf: (table: string) => string,
): readonly RequiredPermission[] {
  const action = `dynamodb:${operation}`;
  const [table = '*'] = tablesOf(input);
  switch (OPERATIONS[operation]) {
    case 'table':
      return [{ action, resource: arnOf(table) }];
    case 'table or index': {
      const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
      return [{ action, resource: `${arnOf(table)}${index}` }];
    }
    case 'tables':
      return tablesOf(input).map((one) => ({ action, resource: arnOf(one) }));
    case 'resource':
      return [{ action, resource: input.ResourceArn ?? '*' }];
    default:
      return [{ action, resource: '*' }];
  }
}
