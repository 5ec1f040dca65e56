import { randomUUID } from 'node:crypto';
import type { ServicePlugin } from '../core/plugin/service-plugin.ts';
import { arnOf, nameOf } from '../template/naming.ts';
import { physicalName, stableId } from '../template/physical-name.ts';
import type { Identity, Unidentified } from '../template/resource-types.ts';
import { createApi } from './api.ts';
import { Delivery } from './delivery.ts';
import type { SnsService } from './service.ts';
import { readSubscriptions } from './subscriptions.ts';

const TOPIC = 'AWS::SNS::Topic';
const SUBSCRIPTION = 'AWS::SNS::Subscription';

function identifyTopic(resource: Unidentified): Identity {
  const name = nameOf(resource, 'TopicName');
  const arn = arnOf('sns', resource, name);
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
}

function identifySubscription(resource: Unidentified): Identity {
  const arn = `${String(resource.property('TopicArn'))}:${stableId(physicalName(resource), 32).toLowerCase()}`;
  return { ref: arn, attributes: { Arn: arn } };
}

/**
 * SNS: topics with functions and queues behind them. A queue has a message before Publish answers; one for a function is
 * kept in memory until it is invoked. Not emulated: e-mail, HTTP and the other protocols, filters, FIFO topics, message
 * attributes, and topic policies.
 */
export const snsPlugin: ServicePlugin = {
  name: 'sns',
  resourceTypes: {
    [TOPIC]: { support: 'emulated', identify: identifyTopic },
    [SUBSCRIPTION]: { support: 'emulated', identify: identifySubscription },
    'AWS::SNS::TopicPolicy': {
      support: 'inert',
      note: '',
      identify: (resource) => ({ ref: physicalName(resource) }),
    },
  },
  async start(cloud) {
    const topics = new Set(cloud.resources(TOPIC).map(({ ref }) => ref));
    const { subscriptions, notEmulated } = readSubscriptions(cloud.resources(SUBSCRIPTION));
    const delivery = new Delivery(cloud);
    const service: SnsService = {
      publish: async (topicArn, message, subject) => {
        if (!topics.has(topicArn)) throw new Error(`no template declares the topic ${topicArn}`);
        const id = randomUUID();
        const timestamp = new Date(cloud.clock.now()).toISOString();
        const notification = { id, topicArn, message, subject, timestamp };
        const told = subscriptions.filter((subscription) => subscription.topicArn === topicArn);
        await Promise.all(told.map((subscription) => delivery.deliver(subscription, notification)));
        return id;
      },
    };
    cloud.services.sns = service;
    return { api: createApi(topics, service), notEmulated, close: async () => undefined };
  },
};
