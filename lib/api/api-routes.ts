import {
  type IResource,
  type IRestApi,
  LambdaIntegration,
  type MethodOptions,
  Model,
  RequestValidator,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type Operation, ROUTES } from '../../contract/routes.ts';
import { GATEWAY_TIMEOUT_SECONDS } from '../functions/function-specs.ts';
import { addMethodNotAllowed } from './method-not-allowed.ts';
import { REQUEST_SCHEMAS } from './request-models.ts';

/** What answers each operation. */
export type OperationFunctions = Readonly<Record<Operation, IFunction>>;

const CLOSED: MethodOptions = { apiKeyRequired: true };

/** Adds every route of the route table, and an answer for the methods that its paths do not have. */
export function addRoutes(scope: Construct, restApi: IRestApi, functions: OperationFunctions): void {
  const bodyOptions = bodyValidation(scope, restApi);
  const resources = new Map<string, IResource>();
  for (const { method, path, operation } of ROUTES) {
    const resource = restApi.root.resourceForPath(path);
    const integration = new LambdaIntegration(functions[operation], {
      allowTestInvoke: false,
      timeout: Duration.seconds(GATEWAY_TIMEOUT_SECONDS),
    });
    resource.addMethod(method, integration, { ...CLOSED, ...bodyOptions.get(operation) });
    resources.set(path, resource);
  }
  for (const [path, resource] of resources) addMethodNotAllowed(resource, path, CLOSED);
}

/** How the gateway checks the bodies of the operations that have one. */
function bodyValidation(scope: Construct, restApi: IRestApi): ReadonlyMap<string, MethodOptions> {
  const requestValidator = new RequestValidator(scope, 'BodyValidator', {
    restApi,
    validateRequestBody: true,
  });
  return new Map(
    Object.entries(REQUEST_SCHEMAS).map(([operation, schema]) => {
      const model = new Model(scope, `${operation}-request`, {
        restApi,
        contentType: 'application/json',
        description: `The outer form of the body of ${operation}`,
        schema,
      });
      // A body is checked whatever the client calls it: without $default, another content type would pass unseen.
      return [operation, { requestValidator, requestModels: { 'application/json': model, $default: model } }];
    }),
  );
}
