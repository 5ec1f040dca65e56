import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { WorkedQueue, type WorkedQueueProps } from '../queues/worked-queue.ts';

/** A notification may stand for a thousand predictions: few of them make a batch. */
const BATCH_SIZE = 5;

/**
 * How the asynchronous endpoints of one model tell that they are done: a topic for answers and one for failures, as SageMaker
 * has them, and behind both a queue. A function behind a topic is tried three times and then forgotten; one behind a queue gets the
 * message until it has stored the outcome. Messages hold ids and places, never values.
 */
export class InferenceNotifications extends WorkedQueue {
  readonly successTopicArn: string;
  readonly errorTopicArn: string;

  constructor(scope: Construct, id: string, props: Pick<WorkedQueueProps, 'environment' | 'key'>) {
    super(scope, id, props);
    this.key?.letTopicsUse(Stack.of(this).stackName);
    this.successTopicArn = this.#topic('Successes').topicArn;
    this.errorTopicArn = this.#topic('Errors').topicArn;
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
  deliverTo(fn: LambdaFunction): void {
    this.feed('Delivery', fn, { batchSize: BATCH_SIZE });
  }

  /** A topic in front of the queue. CDK's own subscription would let SNS use the key for anybody's topics. */
  #topic(name: string): Topic {
    const topic = new Topic(this, name, {
      enforceSSL: true,
      ...(this.key === undefined ? {} : { masterKey: this.key.key }),
    });
    const { policyDependable } = this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
    const subscription = new Subscription(this, `${name}Subscription`, {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
    });
    if (policyDependable !== undefined) subscription.node.addDependency(policyDependable);
    return topic;
  }
}
