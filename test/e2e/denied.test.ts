import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type CommonFunction,
  FUNCTION_NAMES,
  type FunctionName,
} from '../../lib/functions/function-specs.ts';
import { type LocalRun, startRun } from './run.ts';

const MODEL = 'barley-yield';
const OTHER = 'reference-evapotranspiration';

/** What a function's code could try, each with one AWS call. */
type Attempt =
  | 'write'
  | 'read'
  | 'query'
  | 'put'
  | 'invoke'
  | 'send'
  | 'receive'
  | 'write-other'
  | 'describe-endpoint'
  | 'ask-function';

const ACTIONS: Readonly<Record<Attempt, string>> = {
  write: 'dynamodb:BatchWriteItem',
  read: 'dynamodb:GetItem',
  query: 'dynamodb:Query',
  put: 'dynamodb:PutItem',
  invoke: 'sagemaker:InvokeEndpoint',
  send: 'sqs:SendMessage',
  receive: 'sqs:ReceiveMessage',
  'write-other': 'dynamodb:BatchWriteItem',
  'describe-endpoint': 'sagemaker:DescribeEndpoint',
  'ask-function': 'lambda:InvokeFunction',
};

/** What each function is there for, all of it: whatever else it attempts has to be denied. */
const JOBS: Readonly<Record<CommonFunction, readonly Attempt[]>> = {
  predict: ['write', 'invoke', 'send'],
  'get-prediction': ['query'],
  feedback: ['read', 'put'],
  health: ['invoke'],
  describe: [],
  drain: ['write', 'receive'],
  verify: ['describe-endpoint', 'ask-function'],
};

/** SQS has a name of its own for it. */
const DENIED = new Set(['AccessDeniedException', 'AccessDenied']);

const ATTEMPTS = Object.keys(ACTIONS) as readonly Attempt[];

let run: LocalRun;

beforeAll(async () => {
  run = await startRun(inject('assembly'));
});
afterAll(() => run.close());

describe.each(FUNCTION_NAMES)('the role of %s', (fn) => {
  it.each(JOBS[fn].map((attempt) => ({ attempt })))('may $attempt', async ({ attempt }) => {
    expect(await refusal(fn, attempt)).toBeUndefined();
  });

  const denied = ATTEMPTS.filter((attempt) => !JOBS[fn].includes(attempt));
  it.each(denied.map((attempt) => ({ attempt })))('may not $attempt', async ({ attempt }) => {
    expect(await refusal(fn, attempt)).toMatch(
      new RegExp(`^User: \\S+ is not authorized to perform: ${ACTIONS[attempt]} on resource: `),
    );
  });
});

/** Why a function's role is refused something; undefined where it is not. */
async function refusal(fn: FunctionName, attempt: Attempt): Promise<string | undefined> {
  try {
    await call(fn, attempt);
    return undefined;
  } catch (error) {
    if (error instanceof Error && DENIED.has(error.name)) return error.message;
    throw error;
  }
}

async function call(fn: FunctionName, attempt: Attempt): Promise<unknown> {
  const config = {
    endpoint: run.frontDoorUrl,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: run.credentialsOf(MODEL, fn),
  };
  const dynamodb = new DynamoDBClient(config);
  const sqs = new SQSClient(config);
  const sagemaker = new SageMakerRuntimeClient(config);
  const key = { predictionId: { S: 'attempt' }, record: { S: 'note' } };
  const writeTo = (model: string) =>
    dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table(model)]: [{ PutRequest: { Item: key } }] } }),
    );
  switch (attempt) {
    case 'write':
      return writeTo(MODEL);
    case 'write-other':
      return writeTo(OTHER);
    case 'read':
      return dynamodb.send(new GetItemCommand({ TableName: table(MODEL), Key: key }));
    case 'put':
      return dynamodb.send(new PutItemCommand({ TableName: table(MODEL), Item: key }));
    case 'query':
      return dynamodb.send(
        new QueryCommand({
          TableName: table(MODEL),
          KeyConditionExpression: 'predictionId = :id',
          ExpressionAttributeValues: { ':id': { S: 'attempt' } },
        }),
      );
    case 'invoke':
      return sagemaker.send(
        new InvokeEndpointCommand({
          EndpointName: endpoint(),
          ContentType: 'application/json',
          Body: MODEL_INPUT,
        }),
      );
    case 'send':
      return sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: '{}' }));
    case 'describe-endpoint':
      return new SageMakerClient(config).send(new DescribeEndpointCommand({ EndpointName: endpoint() }));
    case 'ask-function':
      return new LambdaClient(config).send(
        new InvokeCommand({
          FunctionName: run.predictVersion(MODEL),
          Payload: '{"goldenPredictions":{"inputs":[]}}',
        }),
      );
    case 'receive':
      return sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(), WaitTimeSeconds: 0 }));
  }
}

const MODEL_INPUT = JSON.stringify({
  inputs: [
    { name: 'variety', shape: [1, 1], datatype: 'BYTES', data: ['Trebi'] },
    { name: 'site', shape: [1, 1], datatype: 'BYTES', data: ['Waseca'] },
  ],
});

/** The model's endpoint. */
function endpoint(): string | undefined {
  return run.resource(MODEL, 'AWS::SageMaker::Endpoint').split('/').at(-1);
}

function table(model: string): string {
  return run.resource(model, 'AWS::DynamoDB::Table');
}

/** The queue that the model's drain consumes. */
function queueUrl(): string {
  return run.captureQueueUrl(MODEL);
}
