import {
  GatewayVpcEndpointAwsService,
  type IGatewayVpcEndpointService,
  InterfaceVpcEndpointAwsService,
} from 'aws-cdk-lib/aws-ec2';

/** A service that the network has a way to. */
export interface EndpointService<S> {
  /** The construct's id. */
  readonly id: string;
  /** The prefix of the service's actions in policies. */
  readonly prefix: string;
  readonly service: S;
}

/** Reached by routes: these endpoints cost nothing. */
export const GATEWAY_SERVICES: readonly EndpointService<IGatewayVpcEndpointService>[] = [
  // The model's data, requests and answers of asynchronous endpoints, uploaded images, files of batches.
  { id: 'S3', prefix: 's3', service: GatewayVpcEndpointAwsService.S3 },
  // Predictions and feedback.
  { id: 'DynamoDb', prefix: 'dynamodb', service: GatewayVpcEndpointAwsService.DYNAMODB },
];

/**
 * Reached at an address in each zone, which is billed by the hour. Nothing else is called from within: Lambda and
 * SageMaker send logs, metrics and traces and pull images themselves, services use keys on behalf of their callers, and
 * SageMaker publishes the notifications of asynchronous endpoints.
 */
export const INTERFACE_SERVICES: readonly EndpointService<InterfaceVpcEndpointAwsService>[] = [
  // Functions invoke endpoints.
  { id: 'SageMakerRuntime', prefix: 'sagemaker', service: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME },
  // Predictions that the table does not take at once wait in a queue.
  { id: 'Sqs', prefix: 'sqs', service: InterfaceVpcEndpointAwsService.SQS },
];
