import { join } from 'node:path';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AdoptedService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import type { AwsApi, AwsRequest } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { parseJson } from '../core/wire/parse-json.ts';
import { arnOf } from '../template/naming.ts';
import { physicalName } from '../template/physical-name.ts';
import type { Identity, Unidentified } from '../template/resource-types.ts';
import { systemAttributes } from './answers.ts';
import { sqsError } from './errors.ts';
import { publishQueueMetrics } from './metrics.ts';
import { OPERATIONS, queueNameOf } from './operations.ts';
import type { Queue } from './queue.ts';
import { Queues } from './queues.ts';
import type { SqsService } from './service.ts';
import { MessageStore } from './store.ts';

const QUEUE = 'AWS::SQS::Queue';

/** IAM knows no batch actions: a batch needs what its entries need. */
const ACTIONS: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
};

function identifyQueue(resource: Unidentified): Identity {
  const given = resource.property('QueueName');
  const suffix = resource.property('FifoQueue') === true ? '.fifo' : '';
  const name = typeof given === 'string' ? given : `${physicalName(resource, 75)}${suffix}`;
  const url = `${resource.frontDoorUrl}/${resource.accountId}/${name}`;
  return { ref: url, attributes: { Arn: arnOf('sqs', resource, name), QueueName: name, QueueUrl: url } };
}

/** SQS: standard queues with their messages on disk, under `sqs/`. */
export const sqsPlugin: ServicePlugin = {
  name: 'sqs',
  resourceTypes: {
    [QUEUE]: { support: 'emulated', identify: identifyQueue },
    'AWS::SQS::QueuePolicy': {
      support: 'inert',
      note: '',
      identify: (resource) => ({ ref: physicalName(resource) }),
    },
  },
  async start(cloud) {
    const store = await MessageStore.open(join(cloud.dataDir, 'sqs'));
    try {
      return await serve(cloud, store);
    } catch (error) {
      await store.close();
      throw error;
    }
  },
};

/** Serves the queues of a deployment: its own, and those of the one before it that it has too. */
async function serve(cloud: LocalCloud, store: MessageStore, before?: Queues): Promise<AdoptedService> {
  const queues = await Queues.open(cloud, cloud.resources(QUEUE), store, before);
  let stopMetrics = (): void => undefined;
  cloud.services.sqs = createService(queues);
  return {
    api: createApi(cloud, queues),
    notEmulated: queues.notEmulated,
    adopt: (next) => serve(next, store, queues),
    activate: () => {
      queues.configure();
      // Until then, the deployment before this one tells of the same queues.
      stopMetrics = publishQueueMetrics(cloud, queues);
    },
    drain: async () => stopMetrics(),
    abandon: async () => undefined,
    async close() {
      stopMetrics();
      for (const queue of queues.all()) queue.close();
      await store.close();
    },
  };
}

function createService(queues: Queues): SqsService {
  const queueAt = (arn: string): Queue => {
    const queue = queues.byArn(arn);
    if (queue === undefined) throw new Error(`there is no queue ${arn}`);
    return queue;
  };
  return {
    async enqueue(queueArn, body) {
      await queueAt(queueArn).send({ body, messageAttributes: {}, senderId: 'sns.amazonaws.com' });
    },
    async receive(queueArn, max) {
      const messages = await queueAt(queueArn).receive(max);
      return messages.map((message) => ({
        messageId: message.id,
        receiptHandle: message.receiptHandle ?? '',
        body: message.body,
        attributes: systemAttributes(message),
      }));
    },
    async delete(queueArn, receiptHandles) {
      for (const handle of receiptHandles) await queueAt(queueArn).delete(handle);
    },
    onVisible: (queueArn, callback) => queueAt(queueArn).onVisible(callback),
  };
}

function createApi(cloud: LocalCloud, queues: Queues): AwsApi {
  const operation = (request: AwsRequest): string | undefined => {
    const [api, name] = (request.headers['x-amz-target'] ?? '').split('.');
    return api === 'AmazonSQS' && name !== undefined && name in OPERATIONS ? name : undefined;
  };
  return {
    signingName: 'sqs',
    operation,
    error: sqsError,
    permissions(request) {
      const called = operation(request) ?? '';
      const name = called === 'ListQueues' ? undefined : queueNameOf(inputOf(request));
      const resource = name === undefined ? '*' : `arn:aws:sqs:${cloud.region}:${cloud.accountId}:${name}`;
      return [{ action: `sqs:${ACTIONS[called] ?? called}`, resource }];
    },
    async handle(request) {
      const { principal, signal } = request;
      const run = OPERATIONS[operation(request) ?? ''];
      if (run === undefined) throw new AwsError(501, 'NotImplemented', 'This operation is not emulated.');
      const output = await run(inputOf(request), {
        queues,
        clock: cloud.clock,
        senderId: principal.kind === 'role' ? principal.roleArn : cloud.accountId,
        signal,
        urlOf: ({ settings }) => `${cloud.frontDoorUrl}/${cloud.accountId}/${settings.name}`,
      });
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify(output),
      };
    },
  };
}

/** What a request asks with. @throws {AwsError} where its body is not JSON */
function inputOf({ body }: AwsRequest): unknown {
  const input = parseJson(body.toString('utf8'));
  if (input === undefined)
    throw new AwsError(400, 'InvalidParameterValue', 'The request body is not valid JSON.');
  return input;
}
