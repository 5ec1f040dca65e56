import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource, RunningService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import { LambdaApi } from './api.ts';
import { QueuePoller } from './event-source.ts';
import { LocalLambda } from './local-lambda.ts';
import { eventSourceMappingProperties } from './properties.ts';
import { resourceTypes } from './resource-types.ts';
import { TaskRoots } from './task-roots.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/**
 * AWS Lambda: each execution environment a Node.js process of its own that runs the deployed bundle through the
 * Lambda runtime API. Not emulated: runtimes other than Node.js, container images, layers, VPCs, file systems,
 * response streaming, event filters, sources other than SQS, destinations, and freezing between invocations.
 * The AWS SDK that the managed runtime brings is not there either: bundle it, as its version is then yours.
 */
export const lambdaPlugin: ServicePlugin = { name: 'lambda', resourceTypes, start };

async function start(cloud: LocalCloud): Promise<RunningService> {
  const taskRoots = await TaskRoots.create((key) => cloud.asset(key));
  const lambda = new LocalLambda(cloud, taskRoots);
  for (const { path, code, hasLayers } of lambda.catalogue.functions.values()) {
    if (hasLayers && code.kind !== 'not-emulated') cloud.log.info(`${path} runs without its layers`);
  }
  cloud.services.lambda = lambda;
  const { pollers, notEmulated } = await consumeQueues(cloud, lambda);
  for (const { path, code } of lambda.catalogue.functions.values()) {
    if (code.kind === 'not-emulated')
      notEmulated.push({ type: 'AWS::Lambda::Function', path, reason: code.reason });
  }
  lambda.provision();
  return {
    notEmulated,
    // Until then, what waits in the queues is for the deployment before this one.
    activate: () => {
      for (const poller of pollers) poller.start();
    },
    drain: async () => {
      await Promise.all(pollers.map((poller) => poller.close()));
      await lambda.settled();
    },
    processes: () => lambda.processes(),
    api: new LambdaApi(lambda, cloud.clock, cloud.log),
    close: async () => {
      // A poller waits for the batch it delivers, which ends with the function's process.
      const polling = pollers.map((poller) => poller.close());
      await lambda.close();
      await Promise.all(polling);
      await taskRoots.close();
    },
  };
}

/** A poller for every queue that feeds a function; other sources are named as not emulated. */
async function consumeQueues(cloud: LocalCloud, lambda: LocalLambda) {
  const pollers: QueuePoller[] = [];
  const notEmulated: NotEmulatedResource[] = [];
  for (const resource of cloud.resources(MAPPING)) {
    const parsed = eventSourceMappingProperties.safeParse(resource.properties);
    if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
    const { EventSourceArn, FunctionName, BatchSize, Enabled, FunctionResponseTypes, FilterCriteria } =
      parsed.data;
    const note = (reason: string) => notEmulated.push({ type: MAPPING, path: resource.path, reason });
    const { sqs } = cloud.services;
    if (sqs === undefined || EventSourceArn?.split(':')[2] !== 'sqs') {
      note(`only queues feed functions here, not ${EventSourceArn}`);
      continue;
    }
    if (FilterCriteria !== undefined) note('its filter has no effect: the function gets every message');
    if (!Enabled) continue;
    const mapping = {
      queueArn: EventSourceArn,
      functionName: FunctionName,
      region: cloud.region,
      batchSize: BatchSize,
      reportsItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
    };
    await requireConsumer(
      cloud,
      lambda.catalogue.find(FunctionName).config.roleArn,
      mapping.queueArn,
      resource.path,
    );
    pollers.push(new QueuePoller(mapping, sqs, lambda, cloud.log));
  }
  return { pollers, notEmulated };
}

/** What Lambda asks of a function's role when a mapping to a queue is created; without it, a deployment fails. */
const CONSUMER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

async function requireConsumer(
  cloud: LocalCloud,
  roleArn: string,
  queueArn: string,
  path: string,
): Promise<void> {
  const permissions = CONSUMER_ACTIONS.map((action) => ({ action, resource: queueArn }));
  const denial = await cloud.denial(roleArn, permissions);
  if (denial !== undefined)
    throw new Error(`${path}: the function's role can not consume the queue. ${denial}`);
}
