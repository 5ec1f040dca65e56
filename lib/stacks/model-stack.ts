import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { takesImages } from '../../contract/fields/image.ts';
import { exampleOf, hasArtifact, type Model } from '../../contract/model/model.ts';
import { alarmCatalogue } from '../alarms/catalogue/alarm-catalogue.ts';
import { ModelAlarms } from '../alarms/model-alarms.ts';
import { ModelApi } from '../api/model-api.ts';
import { BatchTransform } from '../batch/batch-transform.ts';
import type { HandlerCodeOf } from '../bundling/bundle-handlers.ts';
import { CallbackQueue } from '../callbacks/callback-queue.ts';
import { CaptureQueue } from '../capture/capture-queue.ts';
import { PredictionTable } from '../capture/prediction-table.ts';
import type { instrumentFunctions } from '../datadog/instrument-functions.ts';
import type { Environment } from '../environment.ts';
import { ModelFunctions } from '../functions/model-functions.ts';
import { createEndpoint } from '../hosting/create-endpoint.ts';
import { logNamespace } from '../hosting/log-namespace.ts';
import type { ServingBuild } from '../hosting/serving-build.ts';
import { VariantEndpoints } from '../hosting/variant-endpoints.ts';
import { apiName, batchLogGroupName, modelStackName } from '../names.ts';
import { networkPlacement } from '../network/placement.ts';
import { dataKey } from '../security/data-key.ts';
import { UploadBucket } from '../uploads/upload-bucket.ts';
import { commonStackProps, commonTags } from './stack-props.ts';

/** The built parts of a model that a deployment ships. */
export interface ModelBuild {
  readonly handlerCode: HandlerCodeOf;
  /** Absent for a model that runs inside its functions. */
  readonly serving?: ServingBuild | undefined;
  /** The same of a variant besides the champion. */
  readonly servingOf: (variant: string) => ServingBuild | undefined;
}

export interface ModelStackProps {
  readonly environment: Environment;
  readonly model: Model;
  readonly settings: DeploymentSettings;
  readonly build: ModelBuild;
  /** Passed in where Datadog is on, so that its library is loaded only then. */
  readonly instrument?: typeof instrumentFunctions | undefined;
}

/** Everything one model consists of: it lives, changes and dies together, and touches no other model. */
export class ModelStack extends Stack {
  constructor(scope: Construct, props: ModelStackProps) {
    const { environment, model, settings, build } = props;
    const stackName = modelStackName(environment.name, model.name);
    super(scope, stackName, {
      ...commonStackProps(environment),
      stackName,
      description: `${model.title} (${environment.name})`,
      tags: { ...commonTags(environment), Model: model.name },
    });
    const key = dataKey(this, 'DataKey', { environment, description: `The data of ${stackName}` });
    // All log groups of the stack: CloudFormation begins their names with the stack's, SageMaker with its own prefix.
    key?.letLogsUse(
      `${stackName}-`,
      `${logNamespace(settings.hosting)}/${stackName}-`,
      ...(settings.batch === undefined ? [] : [batchLogGroupName(environment.name, model.name)]),
    );
    const network = networkPlacement(this, 'Network', environment);
    const table = new PredictionTable(this, 'Predictions', { environment, key });
    const queue = new CaptureQueue(this, 'Capture', { environment, key });
    const callbacks =
      settings.hosting.mode === 'asynchronous' && settings.hosting.callbacks !== undefined
        ? new CallbackQueue(this, 'Callbacks', { environment, key })
        : undefined;
    const endpoint = createEndpoint(this, 'Endpoint', {
      environment,
      key,
      network,
      model,
      settings,
      serving: build.serving,
    });
    const variants = new VariantEndpoints(this, 'Variants', {
      environment,
      key,
      network,
      model,
      settings,
      champion: endpoint,
      servingOf: build.servingOf,
    });
    const variantEndpoints = [...variants.byName.values()];
    const uploads = takesImages(model) ? new UploadBucket(this, 'Uploads', { key }) : undefined;
    const functions = new ModelFunctions(this, 'Functions', {
      environment,
      key,
      network,
      model,
      settings,
      handlerCode: build.handlerCode,
      table,
      queue,
      callbacks,
      artifact: hasArtifact(model),
      endpoint,
      variantEndpoints: variants.byName,
      uploads,
    });
    const api = new ModelApi(this, 'Api', {
      environment,
      key,
      model,
      access: settings.access,
      firewall: settings.firewall,
      functions: functions.operations,
      authorizer: functions.authorizer,
    });
    const batch =
      settings.batch === undefined
        ? undefined
        : new BatchTransform(this, 'Batch', {
            environment,
            key,
            network,
            model: model.name,
            batch: settings.batch,
            handlerCode: build.handlerCode,
            served: endpoint?.served,
            serving: build.serving,
          });
    const allFunctions = [...functions.list, ...(batch?.functions ?? [])];
    const alarms = new ModelAlarms(this, 'Alarms', {
      environment,
      model: model.name,
      title: model.title,
      declarations: alarmCatalogue({
        environment: environment.name,
        model: model.name,
        objectives: settings.objectives,
        apiName: apiName(environment.name, model.name),
        stageName: model.name,
        // A verification that fails fails the deployment, which is louder than any alarm.
        functions: allFunctions
          .filter(({ name }) => name !== 'verify')
          .map(({ name, function: fn }) => ({ name, functionName: fn.functionName })),
        tableName: table.tableName,
        deadLetterQueueName: queue.deadLetterQueue.queueName,
        endpoint,
        variantEndpoints,
        callbacks: callbacks && { deadLetterQueueName: callbacks.deadLetterQueue.queueName },
        batch,
      }),
    });
    functions.watchDuringRollout(alarms);
    endpoint?.watchDuringDeployment(alarms);
    for (const further of variantEndpoints) further.watchDuringDeployment(alarms);
    if (environment.datadog !== undefined) {
      props.instrument?.(this, {
        environment: environment.name,
        model: model.name,
        version: model.version,
        datadog: environment.datadog,
        xray: environment.tracing,
        functions: allFunctions.map(({ function: fn }) => fn),
      });
    }
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description });
    output('ModelName', model.name, "The model's name");
    output('ApiUrl', api.url, 'The base of every route');
    if (settings.access.kind === 'iam') {
      output('ApiInvokeArn', api.invokeArn, "What a caller's policy has to allow execute-api:Invoke on");
    }
    if (settings.access.kind === 'jwt') {
      output('TokenIssuer', settings.access.issuer, 'Whose tokens the API takes');
    }
    if (api.apiKey !== undefined) {
      output(
        'ApiKeyId',
        api.apiKey.keyId,
        'aws apigateway get-api-key --include-value --api-key <this> shows it',
      );
    }
    output(
      'ExampleRequest',
      JSON.stringify({ input: exampleOf(model.input) }),
      'A body for POST /predictions',
    );
    output('TableName', table.tableName, 'Predictions and feedback');
    if (endpoint !== undefined) output('EndpointName', endpoint.endpointName, 'The SageMaker endpoint');
    if (batch === undefined) return;
    output('BatchBucketName', batch.bucketName, 'Files for batches, and their results');
    output('BatchStateMachineArn', batch.stateMachineArn, 'aws stepfunctions start-execution starts a batch');
  }
}
