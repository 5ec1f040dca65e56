import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AdoptedService, RunningService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import { loadApiKeys } from './api-keys.ts';
import { discover } from './discover.ts';
import type { Exchange } from './exchange.ts';
import { Gateway } from './gateway.ts';
import { resourceTypes } from './resource-types.ts';
import { ApiServer } from './server.ts';
import type { RequestSummary } from './service.ts';
import { UsagePlans } from './usage-plans.ts';

/**
 * API Gateway REST APIs, every stage under its name on one loopback port. Not emulated: authorizers
 * other than Lambda's of type TOKEN, integrations other than Lambda proxy and mock, Velocity templates, caching, custom domains,
 * resource policies, WAF, and the account's own throttling. Quotas start again with the local cloud.
 */
export const apiGatewayPlugin: ServicePlugin = { name: 'apigateway', resourceTypes, start };

type Listeners = Set<(summary: RequestSummary) => void>;

async function start(cloud: LocalCloud): Promise<RunningService> {
  const server = await ApiServer.listen(cloud.port, () => cloud.clock.now(), cloud.log);
  try {
    return serve(cloud, server, new Set());
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The APIs of a deployment, on the server that all deployments share. */
function serve(cloud: LocalCloud, server: ApiServer, listeners: Listeners): AdoptedService {
  const { lambda } = cloud.services;
  if (lambda === undefined) throw new Error('the lambda plugin must start before the apigateway plugin');
  const { stages, notEmulated } = discover(cloud);
  const keys = loadApiKeys(cloud.resources('AWS::ApiGateway::ApiKey'), cloud.dataDir);
  const gateway = new Gateway({
    stages,
    usagePlans: new UsagePlans(
      cloud.resources('AWS::ApiGateway::UsagePlan'),
      cloud.resources('AWS::ApiGateway::UsagePlanKey'),
      keys,
    ),
    lambda,
    clock: cloud.clock,
    log: cloud.log,
    metrics: cloud.metrics,
    authorization: cloud,
    onExchange: (exchange) => {
      for (const listener of listeners) listener(summarize(exchange));
    },
  });
  cloud.services.apigateway = {
    url: server.url,
    keyValue: (keyId) => keys.find((key) => key.id === keyId)?.value,
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    notEmulated,
    adopt: async (next) => serve(next, server, listeners),
    activate: () => server.serve(gateway, stages),
    drain: () => gateway.settled(),
    abandon: async () => undefined,
    close: () => server.close(),
  };
}

function summarize({ incoming, stage, reply, latencyMs }: Exchange): RequestSummary {
  return {
    requestId: incoming.requestId,
    stage: stage.name,
    method: incoming.httpMethod,
    path: incoming.path,
    status: reply?.status ?? 0,
    latencyMs: latencyMs ?? 0,
  };
}
