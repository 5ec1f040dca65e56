import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { InvokeResult } from '../lambda/service.ts';
import { mayReceive } from './queue-policies.ts';
import type { Subscription } from './subscriptions.ts';

/** A message as a topic took it. */
export interface Notification {
  readonly id: string;
  readonly topicArn: string;
  readonly message: string;
  readonly subject: string | undefined;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** When Lambda tries an asynchronous invocation again: a minute after the first failure, two after the second. */
const RETRIES_AFTER_MS = [60_000, 120_000];

/** Brings notifications to functions and queues. What may not be delivered is warned of: SNS tells nobody. */
export class Delivery {
  readonly #cloud: LocalCloud;

  constructor(cloud: LocalCloud) {
    this.#cloud = cloud;
  }

  /** Resolves once a queue has the notification; a function is invoked later, as SNS does it. */
  async deliver(subscription: Subscription, notification: Notification): Promise<void> {
    if (subscription.protocol === 'sqs') await this.#toQueue(subscription, notification);
    else this.#toFunction(subscription, notification);
  }

  async #toQueue({ endpoint, isRaw, path }: Subscription, notification: Notification): Promise<void> {
    const { services, log, frontDoorUrl, accountId, resources } = this.#cloud;
    const queueUrl = `${frontDoorUrl}/${accountId}/${endpoint.split(':').at(-1)}`;
    if (!mayReceive(resources('AWS::SQS::QueuePolicy'), queueUrl, notification.topicArn)) {
      log.warn(
        `${path}: a message was lost: no policy of ${endpoint} lets ${notification.topicArn} send to it`,
      );
      return;
    }
    const body = isRaw ? notification.message : JSON.stringify(envelope(notification));
    await services.sqs?.enqueue(endpoint, body);
  }

  #toFunction({ endpoint, arn, path }: Subscription, notification: Notification): void {
    const { services, log } = this.#cloud;
    if (services.lambda?.permits(endpoint, 'sns.amazonaws.com', notification.topicArn) !== true) {
      log.warn(`${path}: a message was lost: no permission lets ${notification.topicArn} invoke ${endpoint}`);
      return;
    }
    const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(notification);
    const Sns = { ...rest, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL };
    const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns };
    void this.#invoke(endpoint, { Records: [record] }, 0);
  }

  async #invoke(functionArn: string, event: object, attempt: number): Promise<void> {
    const { services, clock, log } = this.#cloud;
    const failed = (error: Error): InvokeResult => ({ payload: error.message, functionError: 'Unhandled' });
    const result = await services.lambda?.invoke(functionArn, event, { from: 'sns' }).catch(failed);
    if (result?.functionError === undefined) return;
    const delay = RETRIES_AFTER_MS[attempt];
    if (delay === undefined) log.warn(`${functionArn}: a notification is given up after 3 attempts`);
    else clock.after(delay, () => void this.#invoke(functionArn, event, attempt + 1));
  }
}

/** SNS's own form of a message. Nothing is signed here. */
function envelope({ id, topicArn, message, subject, timestamp }: Notification) {
  return {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: timestamp,
    SignatureVersion: '1',
    Signature: 'not-signed-locally',
    SigningCertURL: '',
    UnsubscribeURL: '',
    MessageAttributes: {},
  };
}
