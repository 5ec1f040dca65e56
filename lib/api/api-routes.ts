import {
  Model as ApiModel,
  type IResource,
  type IRestApi,
  LambdaIntegration,
  type MethodOptions,
  RequestValidator,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type Operation, routesOf } from '../../contract/api/routes.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import type { Model } from '../../contract/model/model.ts';
import { addMethodNotAllowed } from './method-not-allowed.ts';
import { requestModels } from './request-models.ts';

/** What answers each operation that the model's API has. */
export type OperationFunctions = ReadonlyMap<Operation, IFunction>;

type RequestModels = NonNullable<MethodOptions['requestModels']>;

/**
 * Adds every route of the route table, and an answer for the methods that its paths do not have. `closed` keeps those out
 * who have no access.
 */
export function addRoutes(
  scope: Construct,
  restApi: IRestApi,
  model: Model,
  functions: OperationFunctions,
  closed: MethodOptions,
): void {
  const requestValidator = new RequestValidator(scope, 'ParameterValidator', {
    restApi,
    validateRequestParameters: true,
  });
  const requestModels = declareRequestModels(scope, restApi, model);
  const resources = new Map<string, IResource>();
  for (const { method, path, operation } of routesOf(model)) {
    const resource = restApi.root.resourceForPath(path);
    const handler = functions.get(operation);
    if (handler === undefined) throw new Error(`${scope.node.path}: no function answers ${method} ${path}`);
    const integration = new LambdaIntegration(handler, {
      allowTestInvoke: false,
      timeout: Duration.seconds(AWS_LIMITS.gatewayTimeoutSeconds.value),
    });
    resource.addMethod(method, integration, {
      ...closed,
      requestValidator,
      requestParameters: requiredParameters(path),
      requestModels: requestModels.get(operation) ?? {},
    });
    resources.set(path, resource);
  }
  for (const [path, resource] of resources) addMethodNotAllowed(resource, path, closed);
}

/**
 * Declares what each operation's body is. The gateway does not check bodies by it: a body that is missing, one that is no
 * JSON and one with a wrong field would all get the same answer, whereas the function names place, code and remedy.
 */
function declareRequestModels(
  scope: Construct,
  restApi: IRestApi,
  model: Model,
): ReadonlyMap<string, RequestModels> {
  return new Map(
    Object.entries(requestModels(model)).map(([operation, schema]) => {
      const declared = new ApiModel(scope, `${operation}-request`, {
        restApi,
        contentType: 'application/json',
        description: `The body of ${operation}`,
        schema,
      });
      return [operation, { 'application/json': declared }];
    }),
  );
}

/** The path's own parameters: the gateway answers a blank one by itself. */
function requiredParameters(path: string): Record<string, boolean> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return Object.fromEntries(names.map((name) => [`method.request.path.${name}`, true]));
}
