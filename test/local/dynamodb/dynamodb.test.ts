import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamodbPlugin } from '../../../local/dynamodb/plugin.ts';
import { spawnCloud } from '../core/support/cloud-process.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { temporaryFolder } from '../core/support/folders.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

function tables(keyName = 'pk'): string {
  return synthesizeStack((stack) => {
    const orders = new Table(stack, 'Orders', {
      tableName: 'orders',
      partitionKey: { name: keyName, type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.NUMBER },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
    });
    orders.addGlobalSecondaryIndex({
      indexName: 'by-state',
      partitionKey: { name: 'state', type: AttributeType.STRING },
    });
    new Table(stack, 'Unnamed', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const role = (name: string) =>
      new Role(stack, name, { roleName: name, assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    orders.grant(role('index-reader'), 'dynamodb:Query');
    role('batch-writer').addToPolicy(
      new PolicyStatement({ actions: ['dynamodb:BatchWriteItem'], resources: [orders.tableArn] }),
    );
  });
}

const item = (pk: string, sk: number, state = 'new') => ({
  pk: { S: pk },
  sk: { N: `${sk}` },
  state: { S: state },
});
const assemblyDir = tables();
let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, plugins: [dynamodbPlugin] });
  client = new DynamoDBClient(clientConfig(cloud));
});

function clientOf(role: string): DynamoDBClient {
  return new DynamoDBClient(clientConfig(cloud, `arn:aws:iam::000000000000:role/${role}`));
}

describe('DynamoDB', () => {
  it('has the tables that the template declares', async () => {
    const { TableNames } = await client.send(new ListTablesCommand({}));
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: 'orders' }));

    expect(TableNames).toEqual([expect.stringMatching(/^Test-Unnamed[0-9A-F]+-[0-9A-Z]{12}$/), 'orders']);
    expect(table?.TableArn).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/orders');
    expect(table?.TableStatus).toBe('ACTIVE');
    expect(table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(table?.GlobalSecondaryIndexes?.map((index) => index.IndexName)).toEqual(['by-state']);
  });

  it('stores items, checks conditions and queries an index', async () => {
    await client.send(new PutItemCommand({ TableName: 'orders', Item: item('a', 1, 'open') }));
    const again = client.send(
      new PutItemCommand({
        TableName: 'orders',
        Item: item('a', 1),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    await expect(again).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });

    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'orders',
        IndexName: 'by-state',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: 'open' } },
      }),
    );
    expect(Items).toEqual([item('a', 1, 'open')]);
  });

  it('answers for a table that does not exist as AWS does', async () => {
    const get = client.send(new GetItemCommand({ TableName: 'missing', Key: { pk: { S: 'a' } } }));
    await expect(get).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lets the developer create a table of their own', async () => {
    await client.send(
      new CreateTableCommand({
        TableName: 'scratch',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toContain('scratch');
  });

  it('says 501 for transactions', async () => {
    const transaction = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [{ Put: { TableName: 'orders', Item: item('t', 1) } }],
      }),
    );
    await expect(transaction).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('knows the time to live that the template sets', async () => {
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: 'orders' }),
    );
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  });

  it('checks a query of an index against the ARN of that index', async () => {
    const query = (IndexName: string | undefined) =>
      clientOf('index-reader').send(
        new QueryCommand({
          TableName: 'orders',
          IndexName,
          KeyConditionExpression: '#k = :k',
          ExpressionAttributeNames: { '#k': IndexName === undefined ? 'pk' : 'state' },
          ExpressionAttributeValues: { ':k': { S: 'none' } },
        }),
      );
    expect((await query('by-state')).Count).toBe(0);
    expect((await query(undefined)).Count).toBe(0);
    await expect(
      clientOf('batch-writer').send(
        new GetItemCommand({ TableName: 'orders', Key: { pk: { S: 'a' }, sk: { N: '1' } } }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
  });

  it('checks a batch against every table in it', async () => {
    const unnamed =
      cloud.cloud.resources('AWS::DynamoDB::Table').find((table) => table.ref !== 'orders')?.ref ?? '';
    const put = { PutRequest: { Item: item('b', 1) } };
    const writer = clientOf('batch-writer');

    await writer.send(new BatchWriteItemCommand({ RequestItems: { orders: [put] } }));
    const both = writer.send(
      new BatchWriteItemCommand({
        RequestItems: { orders: [put], [unnamed]: [{ PutRequest: { Item: { id: { S: 'x' } } } }] },
      }),
    );

    await expect(both).rejects.toThrow(
      `is not authorized to perform: dynamodb:BatchWriteItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/${unnamed} `,
    );
  });

  it('reports errors and latencies as CloudWatch names them', async () => {
    const before = cloud.recorded.of('AWS/DynamoDB', 'SystemErrors', {
      TableName: 'orders',
      Operation: 'GetItem',
    });
    const id = cloud.cloud.faults.add({
      service: 'dynamodb',
      operation: 'GetItem',
      error: { status: 500, code: 'InternalServerError', message: 'injected' },
    });
    const get = new GetItemCommand({ TableName: 'orders', Key: { pk: { S: 'a' }, sk: { N: '1' } } });
    await expect(client.send(get)).rejects.toMatchObject({ name: 'InternalServerError' });
    cloud.cloud.faults.remove(id);
    await client.send(get);

    const dimensions = { TableName: 'orders', Operation: 'GetItem' };
    const after = cloud.recorded.of('AWS/DynamoDB', 'SystemErrors', dimensions);
    expect(after.length - before.length).toBe(1);
    const latencies = cloud.recorded.of('AWS/DynamoDB', 'SuccessfulRequestLatency', dimensions);
    expect(latencies.at(-1)).toMatchObject({ unit: 'Milliseconds' });
    expect(
      cloud.recorded.of('AWS/DynamoDB', 'ConditionalCheckFailedRequests', { TableName: 'orders' }),
    ).toHaveLength(1);
  });
});

describe('the data of DynamoDB', () => {
  it('survives kill -9', async () => {
    const dataDir = temporaryFolder();
    const first = await spawnCloud(assemblyDir, dataDir);
    const writer = new DynamoDBClient({ ...clientConfig(cloud), endpoint: first.url });
    for (let number = 0; number < 50; number++) {
      await writer.send(new PutItemCommand({ TableName: 'orders', Item: item('kept', number, 'kept') }));
    }
    await first.kill();

    const second = await spawnCloud(assemblyDir, dataDir);
    const reader = new DynamoDBClient({ ...clientConfig(cloud), endpoint: second.url });
    const { Items = [] } = await reader.send(
      new QueryCommand({
        TableName: 'orders',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'kept' } },
      }),
    );
    expect(Items.map((one) => one.sk?.N)).toEqual(Array.from({ length: 50 }, (_, number) => `${number}`));
  });

  it('is refused to a second cloud', async () => {
    const dataDir = temporaryFolder();
    await startCloud({ assemblyDir, dataDir, plugins: [dynamodbPlugin] });
    await expect(startCloud({ assemblyDir, dataDir, plugins: [dynamodbPlugin] })).rejects.toThrow(
      /is in use: another local cloud runs on the same data/,
    );
  });

  it('is kept when the template changes a key, and the error says what to do', async () => {
    const dataDir = temporaryFolder();
    const first = await startCloud({ assemblyDir, dataDir, plugins: [dynamodbPlugin] });
    await first.close();

    const changed = startCloud({ assemblyDir: tables('id'), dataDir, plugins: [dynamodbPlugin] });

    await expect(changed).rejects.toThrow(
      /^Test\/Orders\/Resource: the table orders in .*dynamodb has other keys or indexes/,
    );
    await expect(changed).rejects.toThrow(/delete that folder to start with empty tables/);
  });
});
