import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { FUNCTION_SPECS } from '../functions/function-specs.ts';
import type { DataKey } from '../security/data-key.ts';

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

export interface CaptureQueueProps {
  readonly environment: Environment;
  /** @default - encrypted with a key of SQS */
  readonly key?: DataKey | undefined;
}

/** Where predictions wait that the table did not take at once. */
export class CaptureQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly #key: DataKey | undefined;

  constructor(scope: Construct, id: string, { environment, key }: CaptureQueueProps) {
    super(scope, id);
    this.#key = key;
    const common: QueueProps = {
      ...(key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key.key }),
      enforceSSL: true,
      // What waits is worth as much as what is stored.
      removalPolicy: environment.dataRemoval,
      retentionPeriod: LONGEST_RETENTION,
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
  }

  get queueUrl(): string {
    return this.queue.queueUrl;
  }

  /** Lets a function put predictions aside. */
  grantSend(grantee: IGrantable): Grant {
    this.#key?.grantSend(grantee);
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
    this.#key?.grantReceive(fn).applyBefore(mapping);
  }
}
