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
  /** Who in the network calls it, and what for. */
  readonly reason: string;
}

/** Reached by routes: these endpoints cost nothing. */
export const GATEWAY_SERVICES: readonly EndpointService<IGatewayVpcEndpointService>[] = [
  {
    id: 'S3',
    prefix: 's3',
    service: GatewayVpcEndpointAwsService.S3,
    reason:
      "containers download the model's data; requests and answers of asynchronous endpoints lie there, and uploaded images",
  },
  {
    id: 'DynamoDb',
    prefix: 'dynamodb',
    service: GatewayVpcEndpointAwsService.DYNAMODB,
    reason: 'functions store and read predictions and feedback',
  },
];

/**
 * Reached at an address in each zone, which is billed by the hour. Nothing else is called from within: Lambda and
 * SageMaker send logs, metrics and traces and pull images themselves, services use keys on behalf of their callers, and
 * SageMaker publishes the notifications of asynchronous endpoints.
 */
export const INTERFACE_SERVICES: readonly EndpointService<InterfaceVpcEndpointAwsService>[] = [
  {
    id: 'SageMakerRuntime',
    prefix: 'sagemaker',
    service: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME,
    reason: 'functions invoke endpoints',
  },
  {
    id: 'Sqs',
    prefix: 'sqs',
    service: InterfaceVpcEndpointAwsService.SQS,
    reason: 'predictions that the table does not take at once wait in a queue',
  },
];
