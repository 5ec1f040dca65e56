import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FUNCTION_SPECS } from '../functions/function-specs.ts';

/** The longest that SQS keeps a message (SQS quotas): time to mend a table before anything is lost. */
const LONGEST_RETENTION = Duration.days(14);

/** With {@link VISIBILITY_SECONDS}, a message is tried for about a day before it counts as undeliverable. */
const MAX_RECEIVES = 480;

/**
 * Six times the function's timeout, as the Lambda developer guide asks for queues ("Configuring a queue to use with
 * Lambda"): a message must not come back while the function may still be at it.
 */
const VISIBILITY_SECONDS = 6 * FUNCTION_SPECS.drain.timeoutSeconds;

/** Two at a time is the least that SQS event sources take; a table that recovers is not to be flooded. */
const DRAIN_CONCURRENCY = 2;

const DRAIN_BATCH_SIZE = 10;

/** Where predictions wait that the table did not take at once. */
export class CaptureQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  /** What waits is worth as much as what is stored: `removal` is the table's. */
  constructor(scope: Construct, id: string, removal: RemovalPolicy) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: removal,
      retentionPeriod: LONGEST_RETENTION,
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: removal,
      retentionPeriod: LONGEST_RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
  }

  get queueUrl(): string {
    return this.queue.queueUrl;
  }

  /** Lets a function put predictions aside. */
  grantSend(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.queue.queueArn],
    });
  }

  /** Feeds a function with what waits, and lets it take that from the queue. */
  drainInto(fn: IFunction): void {
    const grant = Grant.addToPrincipal({
      grantee: fn,
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      ],
      resourceArns: [this.queue.queueArn],
    });
    const mapping = new EventSourceMapping(this, 'Drain', {
      target: fn,
      eventSourceArn: this.queue.queueArn,
      batchSize: DRAIN_BATCH_SIZE,
      reportBatchItemFailures: true,
      maxConcurrency: DRAIN_CONCURRENCY,
    });
    grant.applyBefore(mapping);
  }
}
