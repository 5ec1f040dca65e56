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
import type { FunctionName } from '../../lib/features/functions.ts';
import type { LocalRun } from './run.ts';

/** What a function's code could try, each with one AWS call. */
export type Attempt =
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

export const ATTEMPTS = Object.keys(ACTIONS) as readonly Attempt[];

/** Who tries what on whose resources. */
export interface Attempting {
  readonly run: LocalRun;
  readonly fn: FunctionName;
  /** Whose function it is, with an endpoint. */
  readonly model: string;
  /** A model whose table is none of its business. */
  readonly other: string;
  /** What a client sends to the model's endpoint. @default - nothing: it is not asked */
  readonly body?: string;
}

/** SQS has a name of its own for it. */
const DENIED = new Set(['AccessDeniedException', 'AccessDenied']);

/** What the refusal of an attempt says. */
export function refusalOf(attempt: Attempt): RegExp {
  return new RegExp(`^User: \\S+ is not authorized to perform: ${ACTIONS[attempt]} on resource: `);
}

/** Why a function's role is refused something; undefined where it is not. */
export async function refusal(attempting: Attempting, attempt: Attempt): Promise<string | undefined> {
  try {
    await call(attempting, attempt);
    return undefined;
  } catch (error) {
    if (error instanceof Error && DENIED.has(error.name)) return error.message;
    throw error;
  }
}

async function call({ run, fn, model, other, body = '' }: Attempting, attempt: Attempt): Promise<unknown> {
  const config = {
    endpoint: run.frontDoorUrl,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: run.credentialsOf(model, fn),
  };
  const dynamodb = new DynamoDBClient(config);
  const sqs = new SQSClient(config);
  const sagemaker = new SageMakerRuntimeClient(config);
  const key = { predictionId: { S: 'attempt' }, record: { S: 'note' } };
  const table = (whose: string) => run.resource(whose, 'AWS::DynamoDB::Table');
  const endpoint = run.resource(model, 'AWS::SageMaker::Endpoint').split('/').at(-1);
  const queueUrl = run.queueUrl(model, 'Capture');
  const writeTo = (whose: string) =>
    dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table(whose)]: [{ PutRequest: { Item: key } }] } }),
    );
  switch (attempt) {
    case 'write':
      return writeTo(model);
    case 'write-other':
      return writeTo(other);
    case 'read':
      return dynamodb.send(new GetItemCommand({ TableName: table(model), Key: key }));
    case 'put':
      return dynamodb.send(new PutItemCommand({ TableName: table(model), Item: key }));
    case 'query':
      return dynamodb.send(
        new QueryCommand({
          TableName: table(model),
          KeyConditionExpression: 'predictionId = :id',
          ExpressionAttributeValues: { ':id': { S: 'attempt' } },
        }),
      );
    case 'invoke':
      return sagemaker.send(
        new InvokeEndpointCommand({ EndpointName: endpoint, ContentType: 'application/json', Body: body }),
      );
    case 'send':
      return sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{}' }));
    case 'describe-endpoint':
      return new SageMakerClient(config).send(new DescribeEndpointCommand({ EndpointName: endpoint }));
    case 'ask-function':
      return new LambdaClient(config).send(
        new InvokeCommand({
          FunctionName: run.predictVersion(model),
          Payload: '{"goldenPredictions":{"inputs":[]}}',
        }),
      );
    case 'receive':
      return sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 0 }));
  }
}
