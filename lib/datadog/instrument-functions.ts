import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { DatadogLambda } from 'datadog-cdk-constructs-v2';
import type { DatadogSettings } from '../environment.ts';

export interface InstrumentFunctionsProps {
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  readonly datadog: DatadogSettings;
  /** Whether the functions send traces to X-Ray, which Datadog's are then merged with. */
  readonly xray: boolean;
  readonly functions: readonly LambdaFunction[];
}

/**
 * Adds Datadog's library and extension to functions. The extension sends logs, metrics and traces, so there is no
 * forwarder to run; it reads the API key from the secret, whose value is in no template and no variable. What clients
 * send is not captured.
 */
export function instrumentFunctions(scope: Construct, props: InstrumentFunctionsProps): void {
  const { datadog } = props;
  const instrumentation = new DatadogLambda(scope, 'Datadog', {
    nodeLayerVersion: datadog.nodeLayerVersion,
    extensionLayerVersion: datadog.extensionLayerVersion,
    site: datadog.site,
    apiKeySecretArn: datadog.apiKeySecretArn,
    // Granted below: the library takes the ARN for one without its suffix, and would grant what matches no secret.
    grantSecretReadAccess: false,
    env: props.environment,
    service: props.model,
    version: props.version,
    enableDatadogTracing: true,
    enableMergeXrayTraces: props.xray,
    enableDatadogLogs: true,
    captureLambdaPayload: false,
    captureCloudServicePayload: false,
    sourceCodeIntegration: false,
  });
  instrumentation.addLambdaFunctions([...props.functions]);
  for (const fn of props.functions) {
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [datadog.apiKeySecretArn],
    });
  }
}
