import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type LocalRun, startRun } from './run.ts';

let run: LocalRun;
let dynamodb: DynamoDBClient;
let sagemaker: SageMakerRuntimeClient;

beforeAll(async () => {
  run = await startRun(inject('assembly'));
  const config = {
    endpoint: run.frontDoorUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'developer', secretAccessKey: 'of-this-laptop' },
  };
  dynamodb = new DynamoDBClient(config);
  sagemaker = new SageMakerRuntimeClient(config);
});
afterAll(async () => {
  dynamodb.destroy();
  sagemaker.destroy();
  await run.close();
});

describe('an unmodified DynamoDB client', () => {
  const table = () => run.resource('barley-yield', 'AWS::DynamoDB::Table');

  it('reads what the API has captured', async () => {
    const { body } = await run
      .client('barley-yield')
      .predict({ input: { variety: 'Trebi', site: 'Waseca' } });
    const { Items } = await dynamodb.send(
      new QueryCommand({
        TableName: table(),
        KeyConditionExpression: 'predictionId = :id',
        ExpressionAttributeValues: { ':id': { S: body.predictionId } },
      }),
    );
    expect(Items).toHaveLength(1);
    expect(Items?.[0]).toMatchObject({
      record: { S: 'prediction' },
      input: { M: { variety: { S: 'Trebi' }, site: { S: 'Waseca' } } },
      prediction: {
        M: { yield: { M: { unit: { S: 'kg/ha' }, value: { N: String(body.prediction.yield.value) } } } },
      },
    });
  });

  it('writes, reads, conditions and batches', async () => {
    const key = { predictionId: { S: 'p1' }, record: { S: 'note' } };
    await dynamodb.send(new PutItemCommand({ TableName: table(), Item: { ...key, n: { N: '1.5' } } }));
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: table(), Key: key, ConsistentRead: true }),
    );
    expect(Item).toEqual({ ...key, n: { N: '1.5' } });
    const again = new PutItemCommand({
      TableName: table(),
      Item: key,
      ConditionExpression: 'attribute_not_exists(predictionId)',
    });
    await expect(dynamodb.send(again)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    const batch = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [table()]: { Keys: [key] } } }),
    );
    expect(batch.Responses?.[table()]).toHaveLength(1);
  });

  it('gets the errors of AWS', async () => {
    await expect(dynamodb.send(new DescribeTableCommand({ TableName: 'nowhere' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table() }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'predictionId' }, { AttributeName: 'record' }],
    });
  });
});

describe('an unmodified SageMaker Runtime client', () => {
  const endpoint = () => run.resource('barley-yield', 'AWS::SageMaker::Endpoint').split('/').at(-1);
  const body = JSON.stringify({
    id: 'one',
    inputs: [
      { name: 'variety', shape: [1, 1], datatype: 'BYTES', data: ['Trebi'] },
      { name: 'site', shape: [1, 1], datatype: 'BYTES', data: ['Waseca'] },
    ],
  });

  it('invokes the endpoint and learns which variant answered', async () => {
    const answer = await sagemaker.send(
      new InvokeEndpointCommand({ EndpointName: endpoint(), ContentType: 'application/json', Body: body }),
    );
    expect(answer.InvokedProductionVariant).toBe('champion');
    const { id, outputs } = JSON.parse(answer.Body.transformToString());
    expect(id).toBe('one');
    expect(outputs[0]).toMatchObject({ name: 'yield_bu_per_acre', shape: [1, 1] });
  });

  it("gets the model server's refusal as a ModelError", async () => {
    const command = new InvokeEndpointCommand({
      EndpointName: endpoint(),
      ContentType: 'application/json',
      Body: '{"inputs":[]}',
    });
    await expect(sagemaker.send(command)).rejects.toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 400,
    });
  });

  it('gets a ValidationError for an endpoint that does not exist', async () => {
    const command = new InvokeEndpointCommand({ EndpointName: 'nowhere', Body: '{}' });
    await expect(sagemaker.send(command)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
