import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FUNCTION_SPECS } from '../functions/function-specs.ts';

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

/**
 * How an asynchronous endpoint tells that it is done: a topic for answers and one for failures, as SageMaker has them, and
 * behind both a queue. A function behind a topic is tried three times and then forgotten; one behind a queue gets the
 * message until it has stored the outcome. Messages hold ids and places, never values.
 */
export class InferenceNotifications extends Construct {
  readonly successTopicArn: string;
  readonly errorTopicArn: string;
  readonly deadLetterQueueName: string;
  readonly #queue: Queue;

  /** What waits is worth as much as what is stored: `removal` is the table's. */
  constructor(scope: Construct, id: string, removal: RemovalPolicy) {
    super(scope, id);
    const deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: removal,
      retentionPeriod: LONGEST_RETENTION,
    });
    this.#queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: removal,
      retentionPeriod: LONGEST_RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
    const topic = (name: string): Topic => {
      const made = new Topic(this, name, { enforceSSL: true });
      made.addSubscription(new SqsSubscription(this.#queue, { rawMessageDelivery: true }));
      return made;
    };
    this.successTopicArn = topic('Successes').topicArn;
    this.errorTopicArn = topic('Errors').topicArn;
    this.deadLetterQueueName = deadLetterQueue.queueName;
  }

  /** What the endpoint's role may do here: publish. */
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
  }
}
