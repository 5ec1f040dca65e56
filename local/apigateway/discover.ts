import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource } from '../core/plugin/service-plugin.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { Models } from './body-validator.ts';
import type { Api, Method, MethodAuthorization, MethodSetting, RouteNode, Stage } from './definition.ts';
import { type GatewayResponseDefinition, type HeaderValue, readHeaderValue } from './gateway-responses.ts';
import type { Integration } from './integration.ts';
import {
  authorizerProperties,
  gatewayResponseProperties,
  methodProperties,
  modelProperties,
  resourceProperties,
  restApiProperties,
  stageProperties,
  validatorProperties,
} from './properties.ts';
import { readAuthorization } from './read-authorization.ts';
import { readIntegration } from './read-integration.ts';
import { routeNode } from './routes.ts';

type Source = Pick<LocalCloud, 'resources' | 'region' | 'accountId'>;

export interface Discovery {
  /** By name: each is served under its own first path segment. */
  readonly stages: ReadonlyMap<string, Stage>;
  readonly notEmulated: readonly NotEmulatedResource[];
}

/**
 * The REST APIs of the templates and their stages.
 * @throws {Error} where a property is not what API Gateway takes, or two stages have the same name
 */
export function discover(cloud: Source): Discovery {
  const notEmulated: NotEmulatedResource[] = [];
  const apis = new Map(
    cloud.resources('AWS::ApiGateway::RestApi').map((one) => [one.ref, readApi(cloud, one, notEmulated)]),
  );
  const stages = new Map<string, Stage>();
  for (const resource of cloud.resources('AWS::ApiGateway::Stage')) {
    const stage = readStage(cloud, resource, apis);
    const taken = stages.get(stage.name);
    if (taken !== undefined) {
      throw new Error(
        `${resource.path}: the stage name ${stage.name} is also that of the API ${taken.api.name}: here all APIs share ` +
          'one port and a stage is the first segment of its path, so give each stage a name of its own',
      );
    }
    stages.set(stage.name, stage);
  }
  return { stages, notEmulated };
}

function read<T>(schema: z.ZodType<T>, resource: LocalResource): T {
  const parsed = schema.safeParse(resource.properties);
  if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The resources of one type that belong to an API, with their properties read. */
function ofApi<T extends { RestApiId: string }>(
  cloud: Source,
  type: string,
  schema: z.ZodType<T>,
  apiId: string,
) {
  return cloud
    .resources(type)
    .map((resource) => ({ resource, properties: read(schema, resource) }))
    .filter(({ properties }) => properties.RestApiId === apiId);
}

function readApi(cloud: Source, resource: LocalResource, notEmulated: NotEmulatedResource[]): Api {
  const properties = read(restApiProperties, resource);
  if (properties.Body !== undefined || properties.BodyS3Location !== undefined) {
    notEmulated.push({
      type: resource.type,
      path: resource.path,
      reason: 'APIs defined by an OpenAPI body are not emulated',
    });
  }
  const routes = routeNode(resource.attributes.RootResourceId ?? '', '/');
  addResources(cloud, resource.ref, routes);
  addMethods(cloud, resource.ref, routes, notEmulated);
  return {
    id: resource.ref,
    name: properties.Name ?? resource.logicalId,
    keySource: properties.ApiKeySourceType,
    binaryMediaTypes: properties.BinaryMediaTypes,
    gatewayResponses: readGatewayResponses(cloud, resource.ref, notEmulated),
    routes,
  };
}

/** Hangs every resource below its parent, whatever their order in the template. */
function addResources(cloud: Source, apiId: string, root: RouteNode): void {
  const resources = ofApi(cloud, 'AWS::ApiGateway::Resource', resourceProperties, apiId);
  const pending = [root];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const { resource, properties } of resources) {
      if (properties.ParentId !== parent.resourceId) continue;
      const part = properties.PathPart;
      const node = routeNode(resource.ref, `${parent.path === '/' ? '' : parent.path}/${part}`);
      const name = /^\{(.+?)\+?\}$/.exec(part)?.[1];
      if (name === undefined) parent.literals.set(part, node);
      else if (part.endsWith('+}')) parent.greedy = { name, node };
      else parent.parameter = { name, node };
      pending.push(node);
    }
  }
}

function addMethods(cloud: Source, apiId: string, root: RouteNode, notEmulated: NotEmulatedResource[]): void {
  const nodes = new Map(allNodes(root).map((node) => [node.resourceId, node]));
  const validators = new Map(
    ofApi(cloud, 'AWS::ApiGateway::RequestValidator', validatorProperties, apiId).map((one) => [
      one.resource.ref,
      one.properties,
    ]),
  );
  const authorizers = new Map(
    ofApi(cloud, 'AWS::ApiGateway::Authorizer', authorizerProperties, apiId).map((one) => [
      one.resource.ref,
      one.properties,
    ]),
  );
  const models = new Models(apiId, readModels(cloud, apiId));
  for (const { resource, properties } of ofApi(cloud, 'AWS::ApiGateway::Method', methodProperties, apiId)) {
    const node = nodes.get(properties.ResourceId);
    if (node === undefined)
      throw new Error(`${resource.path}: ResourceId ${properties.ResourceId} is no resource of its API`);
    const validator = validators.get(properties.RequestValidatorId ?? '');
    const authorization = readAuthorization(properties, authorizers);
    const integration = authorized(authorization, readIntegration(properties.Integration));
    if (integration.kind === 'not-emulated') {
      notEmulated.push({ type: resource.type, path: resource.path, reason: integration.reason });
    }
    const method: Method = {
      httpMethod: properties.HttpMethod,
      resourceId: node.resourceId,
      resourcePath: node.path,
      apiKeyRequired: properties.ApiKeyRequired,
      authorization: typeof authorization === 'string' ? { kind: 'none' } : authorization,
      validateBody: validator?.ValidateRequestBody
        ? atPath(resource.path, () => models.validator(properties.RequestModels))
        : undefined,
      requiredParameters: validator?.ValidateRequestParameters
        ? requiredOf(properties.RequestParameters)
        : [],
      integration,
    };
    node.methods.set(properties.HttpMethod, method);
  }
}

function allNodes(node: RouteNode): RouteNode[] {
  const children = [...node.literals.values(), node.parameter?.node, node.greedy?.node].filter(
    (one) => one !== undefined,
  );
  return [node, ...children.flatMap(allNodes)];
}

/** A method whose authorization is not emulated (the reason) lets nobody in. */
function authorized(authorization: MethodAuthorization | string, integration: Integration): Integration {
  return typeof authorization === 'string' ? { kind: 'not-emulated', reason: authorization } : integration;
}

function readModels(cloud: Source, apiId: string): ReadonlyMap<string, object> {
  return new Map(
    ofApi(cloud, 'AWS::ApiGateway::Model', modelProperties, apiId).map(({ resource, properties }) => {
      const { Schema } = properties;
      const schema: unknown =
        typeof Schema === 'string' ? atPath(resource.path, () => JSON.parse(Schema)) : Schema;
      return [resource.ref, schema as object];
    }),
  );
}

/** `method.request.querystring.limit: true` is required, `false` only declared. */
function requiredOf(parameters: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(parameters)
    .filter(([, required]) => required === true)
    .map(([name]) => name.replace(/^method\.request\./, ''));
}

function readGatewayResponses(
  cloud: Source,
  apiId: string,
  notEmulated: NotEmulatedResource[],
): ReadonlyMap<string, GatewayResponseDefinition> {
  return new Map(
    ofApi(cloud, 'AWS::ApiGateway::GatewayResponse', gatewayResponseProperties, apiId).map(
      ({ resource, properties }) => {
        const headers = new Map<string, HeaderValue>();
        for (const [target, mapping] of Object.entries(properties.ResponseParameters)) {
          const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
          const value = readHeaderValue(mapping);
          if (name !== undefined && value !== undefined) headers.set(name, value);
          else
            notEmulated.push({
              type: resource.type,
              path: resource.path,
              reason: `its parameter ${target} = ${mapping} is left out`,
            });
        }
        const templates = new Map(Object.entries(properties.ResponseTemplates));
        return [properties.ResponseType, { status: properties.StatusCode, headers, templates }];
      },
    ),
  );
}

function readStage(cloud: Source, resource: LocalResource, apis: ReadonlyMap<string, Api>): Stage {
  const properties = read(stageProperties, resource);
  const api = apis.get(properties.RestApiId);
  if (api === undefined)
    throw new Error(`${resource.path}: RestApiId ${properties.RestApiId} is no API of the templates`);
  const { DestinationArn, Format } = properties.AccessLogSetting ?? {};
  const logGroup = DestinationArn === undefined ? undefined : /:log-group:([^:]+)/.exec(DestinationArn)?.[1];
  return {
    api,
    name: properties.StageName,
    region: cloud.region,
    accountId: cloud.accountId,
    deploymentId: properties.DeploymentId,
    variables: properties.Variables,
    tracing: properties.TracingEnabled,
    accessLog: logGroup === undefined || Format === undefined ? undefined : { logGroup, format: Format },
    settings: properties.MethodSettings.map(readSetting),
  };
}

function readSetting(setting: z.infer<typeof stageProperties>['MethodSettings'][number]): MethodSetting {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = setting;
  const throttled = rate !== undefined || burst !== undefined;
  const unlimited = Number.POSITIVE_INFINITY;
  return {
    // A slash within a resource path is written `~1`.
    resourcePath: setting.ResourcePath.replaceAll('~1', '/').replace(/^\/\//, '/'),
    httpMethod: setting.HttpMethod,
    throttle: throttled ? { rateLimit: rate ?? unlimited, burstLimit: burst ?? unlimited } : undefined,
    metrics: setting.MetricsEnabled,
  };
}

function atPath<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
