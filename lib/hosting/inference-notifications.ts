import { Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { FUNCTION_SPECS } from '../functions/function-specs.ts';
import type { DataKey } from '../security/data-key.ts';

/** The longest that SQS keeps a message (SQS quotas): time to mend what keeps answers from being stored. */
const LONGEST_RETENTION = Duration.days(14);

/**
 * Six times the function's timeout, as the Lambda developer guide asks for queues ("Configuring a queue to use with
 * Lambda"): a message must not come back while the function may still be at it.
 */
const VISIBILITY_SECONDS = 6 * FUNCTION_SPECS.complete.timeoutSeconds;

/** With {@link VISIBILITY_SECONDS}, an answer is tried for about a day before it counts as undeliverable. */
const MAX_RECEIVES = 480;

/** A notification may stand for a thousand predictions: few of them make a batch. */
const BATCH_SIZE = 5;

export interface InferenceNotificationsProps {
  readonly environment: Environment;
  /** @default - queues are encrypted with a key of SQS, topics not at rest */
  readonly key?: DataKey | undefined;
}

/**
 * How the asynchronous endpoints of one model tell that they are done: a topic for answers and one for failures, as SageMaker
 * has them, and behind both a queue. A function behind a topic is tried three times and then forgotten; one behind a queue gets the
 * message until it has stored the outcome. Messages hold ids and places, never values.
 */
export class InferenceNotifications extends Construct {
  readonly successTopicArn: string;
  readonly errorTopicArn: string;
  readonly deadLetterQueueName: string;
  readonly #queue: Queue;
  readonly #key: DataKey | undefined;

  constructor(scope: Construct, id: string, { environment, key }: InferenceNotificationsProps) {
    super(scope, id);
    this.#key = key;
    key?.letTopicsUse(Stack.of(this).stackName);
    const common: QueueProps = {
      ...(key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key.key }),
      enforceSSL: true,
      // What waits is worth as much as what is stored.
      removalPolicy: environment.dataRemoval,
      retentionPeriod: LONGEST_RETENTION,
    };
    const deadLetterQueue = new Queue(this, 'DeadLetters', common);
    this.#queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
    this.successTopicArn = this.#topic('Successes').topicArn;
    this.errorTopicArn = this.#topic('Errors').topicArn;
    this.deadLetterQueueName = deadLetterQueue.queueName;
  }

  /** What the role of an endpoint may do here: publish. */
  endpointStatements(): readonly PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'TellOutcomes',
        actions: ['sns:Publish'],
        resources: [this.successTopicArn, this.errorTopicArn],
      }),
    ];
  }

  /** Feeds a function with the notifications, and lets it take them from the queue. */
  deliverTo(fn: IFunction): void {
    const grant = Grant.addToPrincipal({
      grantee: fn,
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      ],
      resourceArns: [this.#queue.queueArn],
    });
    const mapping = new EventSourceMapping(this, 'Delivery', {
      target: fn,
      eventSourceArn: this.#queue.queueArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
    });
    grant.applyBefore(mapping);
    this.#key?.grantReceive(fn).applyBefore(mapping);
  }

  /** A topic in front of the queue. CDK's own subscription would let SNS use the key for anybody's topics. */
  #topic(name: string): Topic {
    const topic = new Topic(this, name, {
      enforceSSL: true,
      ...(this.#key === undefined ? {} : { masterKey: this.#key.key }),
    });
    const { policyDependable } = this.#queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.#queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
    const subscription = new Subscription(this, `${name}Subscription`, {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: this.#queue.queueArn,
      rawMessageDelivery: true,
    });
    if (policyDependable !== undefined) subscription.node.addDependency(policyDependable);
    return topic;
  }
}
