/** A limit of a service, and the page that states it. */
export interface Limit {
  readonly value: number;
  readonly source: string;
}

const SAGEMAKER = 'https://docs.aws.amazon.com/sagemaker/latest';
const LAMBDA_QUOTAS = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';

/**
 * What AWS takes of a deployment: the one place where its limits are written down. Schemas, checks and constructs read them from
 * here. Functions that deployed code runs in have the figures that they need beside what needs them.
 */
export const AWS_LIMITS = {
  /** Concurrent invocations of a serverless endpoint, provisioned ones among them. */
  serverlessConcurrency: {
    value: 200,
    source: `${SAGEMAKER}/APIReference/API_ProductionVariantServerlessConfig.html`,
  },
  /** What a serverless endpoint takes in one invocation, in bytes. */
  serverlessPayloadBytes: {
    value: 4 * 1024 * 1024,
    source: `${SAGEMAKER}/dg/serverless-endpoints.html`,
  },
  /** The same on instances. */
  realtimePayloadBytes: {
    value: 25 * 1024 * 1024,
    source: `${SAGEMAKER}/APIReference/API_runtime_InvokeEndpoint.html`,
  },
  /** The same of an object that an asynchronous endpoint reads. */
  asynchronousPayloadBytes: { value: 1024 ** 3, source: `${SAGEMAKER}/dg/async-inference.html` },
  /** Requests that one instance of an asynchronous endpoint works on at a time. */
  asynchronousConcurrency: {
    value: 1000,
    source: `${SAGEMAKER}/APIReference/API_AsyncInferenceClientConfig.html`,
  },
  /** What a model may take for one asynchronous request, in seconds. */
  asynchronousTimeoutSeconds: {
    value: 3600,
    source: `${SAGEMAKER}/APIReference/API_runtime_InvokeEndpointAsync.html`,
  },
  /** How long an asynchronous request may wait, in seconds, at least. */
  asynchronousWaitSecondsLeast: {
    value: 60,
    source: `${SAGEMAKER}/APIReference/API_runtime_InvokeEndpointAsync.html`,
  },
  /** The same, at most. */
  asynchronousWaitSecondsMost: {
    value: 21_600,
    source: `${SAGEMAKER}/APIReference/API_runtime_InvokeEndpointAsync.html`,
  },
  /** Characters of an endpoint's name. */
  endpointName: { value: 63, source: `${SAGEMAKER}/APIReference/API_CreateEndpoint.html` },
  /** Memory of an inference component, in MB, at least. */
  componentMemoryMbLeast: {
    value: 128,
    source: `${SAGEMAKER}/APIReference/API_InferenceComponentComputeResourceRequirements.html`,
  },
  /** Requests a second of all APIs of an account in a region, by default. */
  gatewayRequestsPerSecond: {
    value: 10_000,
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  /** How many of them may come at once. */
  gatewayBurst: {
    value: 5_000,
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  /** How long API Gateway waits for an integration, in seconds. */
  gatewayTimeoutSeconds: {
    value: 29,
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  /** How long a function may run, in seconds. */
  functionTimeoutSeconds: { value: 900, source: LAMBDA_QUOTAS },
  /** Memory of a function, in MB, at least. */
  functionMemoryMbLeast: { value: 128, source: LAMBDA_QUOTAS },
  /** The same, at most. */
  functionMemoryMbMost: { value: 10_240, source: LAMBDA_QUOTAS },
  /** A function's code, unzipped, layers included, in MB. */
  functionPackageMb: { value: 250, source: LAMBDA_QUOTAS },
  /** How long a queue keeps a message, in days. */
  queueRetentionDays: {
    value: 14,
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
  },
  /** Concurrent executions that an account gets in a region by default. */
  accountConcurrency: { value: 1000, source: LAMBDA_QUOTAS },
  /** What has to stay unreserved of them, for functions that reserve nothing. */
  unreservedConcurrency: {
    value: 100,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  },
  /** Size of an instance's storage volume, in GB. */
  volumeGb: { value: 512, source: `${SAGEMAKER}/APIReference/API_ProductionVariant.html` },
  /** What a container gets to start, and its model data to arrive, in seconds, at least. */
  startupSecondsLeast: { value: 60, source: `${SAGEMAKER}/APIReference/API_ProductionVariant.html` },
  /** The same, at most. */
  startupSecondsMost: { value: 3600, source: `${SAGEMAKER}/APIReference/API_ProductionVariant.html` },
  /** Share of the capacity that goes first in a canary, in percent, at most. */
  canaryPercent: { value: 50, source: `${SAGEMAKER}/dg/deployment-guardrails-blue-green-canary.html` },
  /** Share of the capacity in each step of a linear rollout, in percent, at least. */
  linearPercentLeast: { value: 10, source: `${SAGEMAKER}/APIReference/API_TrafficRoutingConfig.html` },
  /** The same, at most. */
  linearPercentMost: { value: 50, source: `${SAGEMAKER}/APIReference/API_TrafficRoutingConfig.html` },
  /** Share of the instances that a rolling update replaces at once, in percent, at least. */
  rollingPercentLeast: { value: 5, source: `${SAGEMAKER}/APIReference/API_RollingUpdatePolicy.html` },
  /** The same, at most. */
  rollingPercentMost: { value: 50, source: `${SAGEMAKER}/APIReference/API_RollingUpdatePolicy.html` },
  /** How long traffic may stay where it is between two steps, in seconds. */
  rolloutWaitSeconds: { value: 3600, source: `${SAGEMAKER}/APIReference/API_TrafficRoutingConfig.html` },
  /** Requests of one address that a firewall lets through in its window, at least. */
  firewallRequestsLeast: {
    value: 10,
    source:
      'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html',
  },
  /** The same, at most. */
  firewallRequestsMost: {
    value: 2_000_000_000,
    source: 'https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html',
  },
  /** How long a whole rollout may take, in seconds. */
  rolloutSeconds: { value: 28_800, source: `${SAGEMAKER}/APIReference/API_BlueGreenUpdatePolicy.html` },
  /** How long the traffic of a function may be split between two versions, in minutes: 48 hours. */
  functionShiftMinutes: {
    value: 2880,
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html',
  },
  /**
   * Requests of a transform job to one instance at a time: together they may have 100 MB, and each is declared to have up
   * to 6 MB.
   */
  transformConcurrency: { value: 16, source: `${SAGEMAKER}/APIReference/API_CreateTransformJob.html` },
  /** What the model may take for one request of a transform job, in seconds. */
  transformTimeoutSeconds: { value: 3600, source: `${SAGEMAKER}/APIReference/API_ModelClientConfig.html` },
  /** Characters of a transform job's name. */
  transformJobName: { value: 63, source: `${SAGEMAKER}/APIReference/API_CreateTransformJob.html` },
} as const satisfies Record<string, Limit>;
