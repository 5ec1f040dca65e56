import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { takesImages } from '../../contract/fields/image.ts';
import { exampleOf, type Model } from '../../contract/model/model.ts';
import { alarmCatalogue } from '../alarms/catalogue/alarm-catalogue.ts';
import { ModelAlarms } from '../alarms/model-alarms.ts';
import { ModelApi } from '../api/model-api.ts';
import { CallbackQueue } from '../callbacks/callback-queue.ts';
import { CaptureQueue } from '../capture/capture-queue.ts';
import { PredictionTable } from '../capture/prediction-table.ts';
import type { instrumentFunctions } from '../datadog/instrument-functions.ts';
import type { Environment } from '../environment.ts';
import { type FeatureSubjects, installFeatures, type LoadedFeature } from '../functions/feature.ts';
import type { HandlerCodeOf } from '../functions/handler-code.ts';
import { ModelFunctions } from '../functions/model-functions.ts';
import type { ModelParts } from '../functions/model-parts.ts';
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
  /** What deployed models do; this one has those that belong to it. */
  readonly features: readonly LoadedFeature[];
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
    const parts: ModelParts = {
      environment,
      key,
      network,
      model,
      settings,
      handlerCode: build.handlerCode,
      serving: build.serving,
      table,
      queue,
      callbacks,
      endpoint,
      variantEndpoints: variants.byName,
      uploads,
    };
    const features = installFeatures(this, props.features, parts);
    const functions = new ModelFunctions(this, 'Functions', { parts, features });
    const api = new ModelApi(this, 'Api', {
      environment,
      key,
      model,
      access: settings.access,
      firewall: settings.firewall,
      functions: functions.operations,
      authorizer: functions.authorizer,
    });
    const watched: FeatureSubjects = Object.assign(
      {},
      ...features.map(({ feature, own }) => feature.watched?.(parts, own)),
    );
    const catalogue = alarmCatalogue({
      environment: environment.name,
      model: model.name,
      objectives: settings.objectives,
      apiName: apiName(environment.name, model.name),
      stageName: model.name,
      functions: functions.alarmed.map(({ name, function: fn }) => ({ name, functionName: fn.functionName })),
      tableName: table.tableName,
      deadLetterQueueName: queue.deadLetterQueue.queueName,
      endpoint,
      variantEndpoints,
      ...watched,
    });
    const alarms = new ModelAlarms(this, 'Alarms', {
      environment,
      model: model.name,
      title: model.title,
      declarations: [
        ...catalogue,
        ...features.flatMap(({ feature, own }) => feature.alarms?.(parts, own) ?? []),
      ],
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
        functions: functions.list.map(({ function: fn }) => fn),
      });
    }
    const outputs = [
      { id: 'ModelName', value: model.name, description: "The model's name" },
      ...api.outputs,
      {
        id: 'ExampleRequest',
        value: JSON.stringify({ input: exampleOf(model.input) }),
        description: 'A body for POST /predictions',
      },
      ...features.flatMap(({ feature, own }) => feature.outputs?.(parts, own) ?? []),
      ...(endpoint === undefined
        ? []
        : [{ id: 'EndpointName', value: endpoint.endpointName, description: 'The SageMaker endpoint' }]),
    ];
    for (const { id, value, description } of outputs) new CfnOutput(this, id, { value, description });
  }
}
