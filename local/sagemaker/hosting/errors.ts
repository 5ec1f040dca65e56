import type { AwsResponse } from '../../core/wire/aws-api.ts';
import { AwsError } from '../../core/wire/aws-error.ts';

/** The model answered with an error, or not at all: the service's 424. */
export class ModelError extends AwsError {
  readonly originalStatus: number;
  readonly originalMessage: string;

  constructor(originalStatus: number, originalMessage: string, message: string) {
    super(424, 'ModelError', message);
    this.originalStatus = originalStatus;
    this.originalMessage = originalMessage;
  }
}

/** Where the model's own output is, for messages that send people there. */
export interface LogPlace {
  readonly region: string;
  readonly accountId: string;
  readonly logGroup: string;
}

export function logGroupOf(endpoint: string, component?: string): string {
  return component === undefined
    ? `/aws/sagemaker/Endpoints/${endpoint}`
    : `/aws/sagemaker/InferenceComponents/${component}`;
}

/** @param status what the container answered; 0 where it did not answer */
export function modelError(status: number, text: string, place: LogPlace): ModelError {
  const kind = status >= 400 && status < 500 ? 'client' : 'server';
  const console = `https://${place.region}.console.aws.amazon.com/cloudwatch/home?region=${place.region}`;
  const link = `${console}#logEventViewer:group=${place.logGroup} in account ${place.accountId}`;
  const message = `Received ${kind} error (${status}) from primary with message "${text}". See ${link} for more information.`;
  return new ModelError(status, text, message);
}

export function timedOut(place: LogPlace): ModelError {
  const text =
    'Your invocation timed out while waiting for a response from container primary. ' +
    'Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';
  return modelError(0, text, place);
}

export function noResponse(endpoint: string, place: LogPlace): ModelError {
  const text =
    `Amazon SageMaker could not get a response from the ${endpoint} endpoint. ` +
    'This can occur when CPU or memory utilization is high. To check your utilization, see Amazon CloudWatch. ' +
    'To fix this problem, use an instance type with more CPU capacity or memory.';
  return modelError(0, text, place);
}

export function validationError(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}

/** What SageMaker answers while a component has no copy that serves. */
export function noCapacity(): AwsError {
  return validationError(
    'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress ' +
      '(if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.',
  );
}

/** SageMaker's throttling carries no text at all. */
export function throttled(): AwsError {
  return new AwsError(400, 'ThrottlingException', '');
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** The service's wire form of an error. */
export function sagemakerError(status: number, code: string, message: string): AwsResponse {
  const headers = { ...JSON_HEADERS, 'x-amzn-errortype': code };
  if (code === 'ModelError') {
    // An injected model error has no container behind it; it stands for one that failed.
    return {
      status,
      headers,
      body: JSON.stringify({ Message: message, OriginalStatusCode: 500, OriginalMessage: message }),
    };
  }
  if (code === 'ThrottlingException')
    return { status, headers, body: JSON.stringify({ message: message || null }) };
  return { status, headers, body: JSON.stringify({ Message: message }) };
}

/** The wire form of a model's own failure. */
export function modelErrorResponse(error: ModelError, place: LogPlace): AwsResponse {
  const body = {
    ErrorCode:
      error.originalStatus >= 400 && error.originalStatus < 500
        ? 'CLIENT_ERROR_FROM_MODEL'
        : 'SERVER_ERROR_FROM_MODEL',
    LogStreamArn: `arn:aws:logs:${place.region}:${place.accountId}:log-group:${place.logGroup}`,
    Message: error.message,
    OriginalMessage: error.originalMessage,
    OriginalStatusCode: error.originalStatus,
  };
  return {
    status: 424,
    headers: { ...JSON_HEADERS, 'x-amzn-errortype': 'ModelError' },
    body: JSON.stringify(body),
  };
}
