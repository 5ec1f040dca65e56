import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AwsApi, AwsRequest, AwsResponse } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { asynchronousEndpointOf, invokeAsynchronously } from './asynchronous/api.ts';
import type { DeclaredVariant } from './declared/endpoints.ts';
import { describedEndpointOf, describeEndpoint } from './describe-endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import {
  type LogPlace,
  logGroupOf,
  ModelError,
  modelErrorResponse,
  noCapacity,
  sagemakerError,
  validationError,
} from './hosting/errors.ts';
import { type Outcome, recordInvocation, recordNoCapacity } from './hosting/metrics.ts';
import type { Variant } from './hosting/variant.ts';
import { answerTransform, transformOperationOf, transformPermissions } from './transform/api.ts';
import type { TransformService } from './transform/service.ts';

const ATTRIBUTES = 'x-amzn-sagemaker-custom-attributes';
/** Characters, as the API reference limits them. */
const ATTRIBUTES_LIMIT = 1024;

/** What selects something within a container or endpoint that does not exist here. */
const UNSUPPORTED_HEADERS = ['x-amzn-sagemaker-target-model', 'x-amzn-sagemaker-target-container-hostname'];

const COMPONENT_HEADER = 'x-amzn-sagemaker-inference-component';

/** The SageMaker runtime API, and of the control plane what tells of an endpoint and transform jobs. `unsupported` tells by endpoint name why nothing serves it. */
export function createApi(
  cloud: LocalCloud,
  endpoints: ReadonlyMap<string, Endpoint>,
  unsupported: ReadonlyMap<string, string>,
  transformJobs: TransformService,
): AwsApi {
  const outcomes = new WeakMap<AwsRequest, Outcome>();
  const placeOf = (endpoint: string, component: string | undefined): LogPlace => ({
    region: cloud.region,
    accountId: cloud.accountId,
    logGroup: logGroupOf(endpoint, component),
  });

  const find = (name: string): Endpoint => {
    const endpoint = endpoints.get(name);
    if (endpoint !== undefined) return endpoint;
    const reason = unsupported.get(name);
    if (reason !== undefined)
      throw new AwsError(501, 'NotImplemented', `The endpoint ${name} does not run here: ${reason}.`);
    throw validationError(`Endpoint ${name} of account ${cloud.accountId} not found.`);
  };

  const invoke = async (request: AwsRequest, name: string): Promise<AwsResponse> => {
    const endpoint = find(name);
    if (endpoint.queue !== undefined)
      throw validationError(`Endpoint ${name} is asynchronous: it takes InvokeEndpointAsync only.`);
    checkHeaders(request);
    const variant = endpoint.choose(request.headers['x-amzn-sagemaker-target-variant']);
    checkComponent(variant.declared, request.headers[COMPONENT_HEADER]);
    if (variant.declared.component !== undefined && variant.readyCount === 0) {
      recordNoCapacity(cloud, name, variant);
      throw noCapacity();
    }
    outcomes.set(request, { variant, modelStatus: undefined });
    const started = cloud.clock.now();
    try {
      const { answer, modelLatencyMs, setupMs } = await variant.invoke({
        headers: passedOn(request),
        body: request.body,
      });
      outcomes.set(request, { variant, modelStatus: answer.status, modelLatencyMs, setupMs });
      return {
        status: 200,
        headers: { ...answered(answer.headers), 'x-amzn-invoked-production-variant': variant.declared.name },
        body: answer.body,
      };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      const modelLatencyMs = cloud.clock.now() - started;
      outcomes.set(request, { variant, modelStatus: error.originalStatus, modelLatencyMs });
      return modelErrorResponse(error, placeOf(name, variant.declared.component));
    }
  };

  const enqueue = async (request: AwsRequest, name: string): Promise<AwsResponse> => {
    const { queue } = find(name);
    if (queue === undefined)
      throw validationError(`Endpoint ${name} is not asynchronous: it takes InvokeEndpoint only.`);
    checkHeaders(request);
    return invokeAsynchronously(queue, request, cloud.clock);
  };

  return {
    signingName: 'sagemaker',
    deniedStatus: 403,
    error: sagemakerError,
    operation: operationOf,
    permissions: (request) => {
      if (transformOperationOf(request) !== undefined) return transformPermissions(cloud, request);
      const name = describedEndpointOf(request) ?? asynchronousEndpointOf(request) ?? endpointOf(request);
      const action = `sagemaker:${operationOf(request)}`;
      const on = (resource: string) => ({
        action,
        resource: `arn:aws:sagemaker:${cloud.region}:${cloud.accountId}:${resource}`,
      });
      const component = request.headers[COMPONENT_HEADER];
      return [
        on(`endpoint/${name}`),
        ...(component === undefined ? [] : [on(`inference-component/${component}`)]),
      ];
    },
    handle: async (request) => {
      if (transformOperationOf(request) !== undefined) return answerTransform(transformJobs, request);
      const wanted = describedEndpointOf(request);
      if (wanted !== undefined) return describeEndpoint(find(wanted), cloud);
      const name = asynchronousEndpointOf(request);
      return name === undefined ? invoke(request, endpointOf(request) ?? '') : enqueue(request, name);
    },
    record(request, response, elapsedMs) {
      const name = endpointOf(request);
      const endpoint = name === undefined ? undefined : endpoints.get(name);
      const outcome = outcomes.get(request) ?? injectedOutcome(endpoint?.variants[0], response);
      if (name !== undefined && outcome !== undefined) recordInvocation(cloud, name, outcome, elapsedMs);
    },
  };
}

function operationOf(request: AwsRequest): string | undefined {
  const transform = transformOperationOf(request);
  if (transform !== undefined) return transform;
  if (describedEndpointOf(request) !== undefined) return 'DescribeEndpoint';
  if (asynchronousEndpointOf(request) !== undefined) return 'InvokeEndpointAsync';
  return endpointOf(request) === undefined ? undefined : 'InvokeEndpoint';
}

function endpointOf(request: AwsRequest): string | undefined {
  const [, name] = /^\/endpoints\/([^/]+)\/invocations$/.exec(request.path) ?? [];
  return request.method !== 'POST' || name === undefined ? undefined : decodeURIComponent(name);
}

/** @throws {AwsError} ValidationError where a request names no component of an endpoint that has one, or another */
function checkComponent({ component }: DeclaredVariant, named: string | undefined): void {
  if (component === named) return;
  if (component === undefined)
    throw validationError(
      'This endpoint has no inference components. Please remove the Inference Component Name header and try again.',
    );
  throw validationError(
    named === undefined
      ? 'Inference Component Name header is required for endpoints to which you plan to deploy inference components. ' +
          'Please include Inference Component Name header or consider using SageMaker models.'
      : `Inference Component ${named} not found.`,
  );
}

function checkHeaders(request: AwsRequest): void {
  const header = UNSUPPORTED_HEADERS.find((name) => request.headers[name] !== undefined);
  if (header !== undefined)
    throw new AwsError(501, 'NotImplemented', `The local cloud does not emulate ${header}.`);
  if ((request.headers[ATTRIBUTES] ?? '').length > ATTRIBUTES_LIMIT) {
    throw validationError(
      "1 validation error detected: Value at 'customAttributes' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${ATTRIBUTES_LIMIT}`,
    );
  }
}

/** SageMaker strips every header that is not its own. */
function passedOn(request: AwsRequest): Record<string, string> {
  const names = ['content-type', 'accept', ATTRIBUTES];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function answered(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const type = headers['content-type'];
  const attributes = headers[ATTRIBUTES];
  return {
    'content-type': typeof type === 'string' ? type : 'application/octet-stream',
    ...(typeof attributes === 'string' && { [ATTRIBUTES]: attributes }),
  };
}

/** A fault injected before any variant was chosen counts like the model's own failure where it poses as one. */
function injectedOutcome(variant: Variant | undefined, response: AwsResponse): Outcome | undefined {
  const isModelError = response.headers?.['x-amzn-errortype'] === 'ModelError';
  return variant === undefined || !isModelError ? undefined : { variant, modelStatus: 500 };
}
