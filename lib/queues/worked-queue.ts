import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  type EventSourceMappingProps,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { type CfnQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import type { Environment } from '../environment.ts';
import type { DataKey } from '../security/data-key.ts';

/** The longest that SQS keeps a message: time to mend what keeps it from being worked off. */
const LONGEST_RETENTION = Duration.days(AWS_LIMITS.queueRetentionDays.value);

/**
 * Times the function's timeout that a message is invisible, as the Lambda developer guide asks for queues ("Configuring a
 * queue to use with Lambda"): it must not come back while the function may still be at it.
 */
const VISIBILITY_TIMEOUTS = 6;

/** With a function that takes 30 s, a message is tried for about a day before it counts as undeliverable. */
const MAX_RECEIVES = 480;

export interface WorkedQueueProps {
  readonly environment: Environment;
  /** @default - encrypted with a key of SQS */
  readonly key?: DataKey | undefined;
  /** How often a message is received before it counts as undeliverable. @default - as often as makes about a day */
  readonly maxReceives?: number;
}

/** How a function takes messages. */
export type Delivery = Pick<EventSourceMappingProps, 'batchSize' | 'maxConcurrency'>;

/** A queue that a function works off, with a second one for what it can't. */
export abstract class WorkedQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  protected readonly key: DataKey | undefined;

  constructor(scope: Construct, id: string, props: WorkedQueueProps) {
    super(scope, id);
    const { environment, key, maxReceives = MAX_RECEIVES } = props;
    this.key = key;
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
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: maxReceives },
    });
  }

  get queueUrl(): string {
    return this.queue.queueUrl;
  }

  /** Lets a function put messages in. */
  grantSend(grantee: IGrantable): Grant {
    this.key?.grantSend(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.queue.queueArn],
    });
  }

  /** Feeds a function with what waits, and lets it take that from the queue: what it takes is invisible for as long as it needs. */
  protected feed(id: string, fn: LambdaFunction, delivery: Delivery): void {
    if (fn.timeout === undefined)
      throw new Error(`${fn.node.path}: has no timeout that its queue could heed`);
    const queue = this.queue.node.defaultChild as CfnQueue;
    queue.visibilityTimeout = VISIBILITY_TIMEOUTS * fn.timeout.toSeconds();
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
    const mapping = new EventSourceMapping(this, id, {
      target: fn,
      eventSourceArn: this.queue.queueArn,
      reportBatchItemFailures: true,
      ...delivery,
    });
    grant.applyBefore(mapping);
    this.key?.grantReceive(fn).applyBefore(mapping);
  }
}
