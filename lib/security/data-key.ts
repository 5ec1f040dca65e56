import { Effect, Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';

export interface DataKeyProps {
  readonly environment: Environment;
  readonly description: string;
  /** What becomes of the key when its stack is deleted. @default - what becomes of the environment's data */
  readonly removal?: RemovalPolicy;
}

/** A service that uses the key on behalf of whom it is called by. */
type CallingService = 'dynamodb' | 'sqs' | 's3' | 'sns';

/**
 * What DynamoDB needs of a table's key on behalf of its callers (DynamoDB developer guide, "DynamoDB encryption at rest
 * usage notes", authorizing use of the key), without the grant, which is made when the table is.
 */
const TABLE_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What CloudWatch Logs needs of a log group's key (CloudWatch Logs user guide, "Encrypt log data using AWS KMS"). */
const LOG_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/**
 * The key of one stack's data. The account administers it; a function may use it through the service that holds the data
 * and in no other way. It outlives the stack wherever the data do, which nobody could read without it.
 */
export class DataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { environment, description, removal }: DataKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description,
      enableKeyRotation: true,
      removalPolicy: removal ?? environment.dataRemoval,
    });
  }

  get keyArn(): string {
    return this.key.keyArn;
  }

  /** Lets CloudWatch Logs encrypt log groups whose names begin with one of the prefixes. */
  letLogsUse(...prefixes: readonly string[]): void {
    const stack = Stack.of(this);
    const groups = prefixes.map((prefix) =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        // The groups' names end with what CloudFormation makes up, and naming them by reference would be a cycle.
        resourceName: `${prefix}*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    this.#letService('Logs', `logs.${stack.region}.amazonaws.com`, LOG_ACTIONS, {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups },
    });
  }

  /** Lets the alarms of this account publish to topics that the key encrypts. */
  letAlarmsUse(): void {
    this.#letService('Alarms', 'cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey'], {
      StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
    });
  }

  /** Lets the topics of a stack, whose names CloudFormation begins with the stack's, deliver to queues that the key encrypts. */
  letTopicsUse(stackName: string): void {
    const topics = Stack.of(this).formatArn({ service: 'sns', resource: `${stackName}-*` });
    this.#letService('Topics', 'sns.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey'], {
      ArnLike: { 'aws:SourceArn': topics },
    });
  }

  /** Lets a function read and write a table that the key encrypts; the table's own grant says what of it. */
  grantTable(grantee: IGrantable): Grant {
    return this.#grantThrough('dynamodb', grantee, TABLE_ACTIONS);
  }

  /** Lets a function send to a queue that the key encrypts. */
  grantSend(grantee: IGrantable): Grant {
    return this.#grantThrough('sqs', grantee, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** Lets a function receive from a queue that the key encrypts. */
  grantReceive(grantee: IGrantable): Grant {
    return this.#grantThrough('sqs', grantee, ['kms:Decrypt']);
  }

  /** Lets a function write objects of a bucket that the key encrypts. */
  grantWriteObjects(grantee: IGrantable): Grant {
    return this.#grantThrough('s3', grantee, ['kms:GenerateDataKey']);
  }

  /** Lets a function read objects of a bucket that the key encrypts. */
  grantReadObjects(grantee: IGrantable): Grant {
    return this.#grantThrough('s3', grantee, ['kms:Decrypt']);
  }

  /** What a role needs that reads and writes objects of such a bucket, and publishes to such topics. */
  exchangeStatements(): readonly PolicyStatement[] {
    return [this.#exchangeThrough('EncryptObjects', 's3'), this.#exchangeThrough('EncryptMessages', 'sns')];
  }

  /** What a role needs that reads and writes objects of such a bucket alone. */
  objectStatements(): readonly PolicyStatement[] {
    return [this.#exchangeThrough('EncryptBatches', 's3')];
  }

  /**
   * What a state machine's role needs that has its executions' data and its logs encrypted with the key (Step Functions
   * developer guide, "Data at rest encryption"), and what the delivery of its logs needs.
   */
  stateMachineStatements(stateMachineArn: string): readonly PolicyStatement[] {
    const { region, account, partition } = Stack.of(this);
    const logs = `arn:${partition}:logs:${region}:${account}:*`;
    this.#letService('LogDelivery', 'delivery.logs.amazonaws.com', ['kms:Decrypt'], {
      StringEquals: { 'kms:EncryptionContext:SourceArn': logs },
    });
    const within = (sid: string, actions: string[], context: string, value: string) =>
      new PolicyStatement({
        sid,
        actions,
        resources: [this.keyArn],
        conditions: { StringEquals: { [`kms:EncryptionContext:${context}`]: value } },
      });
    return [
      within(
        'EncryptExecutions',
        ['kms:Decrypt', 'kms:GenerateDataKey'],
        'aws:states:stateMachineArn',
        stateMachineArn,
      ),
      within('EncryptDeliveredLogs', ['kms:GenerateDataKey'], 'SourceArn', logs),
    ];
  }

  /** What a role needs for whose endpoints or jobs SageMaker encrypts the instances' storage. */
  storageStatement(): PolicyStatement {
    return new PolicyStatement({
      sid: 'EncryptStorage',
      actions: ['kms:CreateGrant', 'kms:DescribeKey'],
      resources: [this.keyArn],
      // Grants to AWS services alone: nobody else gets the key through this role.
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
  }

  #exchangeThrough(sid: string, service: CallingService): PolicyStatement {
    return new PolicyStatement({
      sid,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [this.keyArn],
      conditions: this.#through(service),
    });
  }

  #grantThrough(service: CallingService, grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.keyArn],
      conditions: this.#through(service),
    });
  }

  #through(service: CallingService): Record<string, Record<string, string>> {
    return { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` } };
  }

  #letService(sid: string, service: string, actions: string[], conditions: Record<string, unknown>): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal(service)],
        actions,
        // In a key's own policy, every resource is that key.
        resources: ['*'],
        conditions,
      }),
    );
  }
}

/** The key of a stack's data where the environment has keys of its own; undefined where AWS manages them. */
export function dataKey(scope: Construct, id: string, props: DataKeyProps): DataKey | undefined {
  switch (props.environment.encryption.key) {
    case 'aws-managed':
      return undefined;
    case 'customer-managed':
      return new DataKey(scope, id, props);
  }
}
