import { Construct } from 'constructs';
import type { DeploymentSettings } from '../../contract/deployment.ts';
import type { Model } from '../../contract/model.ts';
import type { OperationFunctions } from '../api/api-routes.ts';
import type { HandlerFolder } from '../bundling/bundle-handlers.ts';
import type { CaptureQueue } from '../capture/capture-queue.ts';
import type { PredictionTable } from '../capture/prediction-table.ts';
import type { Environment } from '../environment.ts';
import { AsynchronousEndpoint } from '../hosting/asynchronous-endpoint.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';
import type { FunctionName } from './function-specs.ts';
import { ModelFunction } from './model-function.ts';
import { variantVariables } from './variant-variables.ts';

export interface ModelFunctionsProps {
  readonly environment: Environment;
  readonly model: Pick<Model, 'name' | 'version'>;
  readonly settings: DeploymentSettings;
  readonly handlerFolder: HandlerFolder;
  readonly table: PredictionTable;
  readonly queue: CaptureQueue;
  /** @default - the model runs inside the predict function */
  readonly endpoint?: ModelEndpoint | undefined;
  /** The endpoints of challengers and shadows, by name. */
  readonly variantEndpoints: ReadonlyMap<string, ModelEndpoint>;
}

/** All functions of a model, each with the variables and the permissions that it needs and no others. */
export class ModelFunctions extends Construct {
  readonly list: readonly ModelFunction[];
  /** What answers each operation of the API. */
  readonly operations: OperationFunctions;

  constructor(scope: Construct, id: string, props: ModelFunctionsProps) {
    super(scope, id);
    const variables = variablesOf(props);
    const { hosting } = props.settings;
    const create = (name: FunctionName) =>
      new ModelFunction(this, name, {
        model: props.model.name,
        name,
        codeFolder: props.handlerFolder(props.model.name, name),
        environment: props.environment,
        variables: variables[name],
        ...(name === 'predict' && hosting.mode === 'lambda' ? { memoryMb: hosting.memoryMb } : {}),
      });
    const predict = create('predict');
    const getPrediction = create('get-prediction');
    const feedback = create('feedback');
    const health = create('health');
    const describe = create('describe');
    const drain = create('drain');
    const { table, queue, endpoint } = props;
    const everywhere = [predict, getPrediction, feedback, health, describe, drain];
    this.operations = {
      predict: predict.function,
      'get-prediction': getPrediction.function,
      feedback: feedback.function,
      health: health.function,
      describe: describe.function,
    };
    endpoint?.grantInvoke(predict.function);
    for (const { function: fn } of [predict, health]) endpoint?.deployBefore(fn);
    for (const further of props.variantEndpoints.values()) {
      further.grantInvoke(predict.function);
      further.deployBefore(predict.function);
    }
    table.grantStorePredictions(predict.function);
    if (endpoint instanceof AsynchronousEndpoint) {
      const complete = create('complete');
      this.list = [...everywhere, complete];
      table.grantReadOutcome(health.function);
      table.grantStoreOutcomes(complete.function);
      endpoint.completeWith(complete.function);
      endpoint.deployBefore(complete.function);
    } else {
      this.list = everywhere;
      endpoint?.grantInvoke(health.function);
      queue.grantSend(predict.function);
    }
    table.grantReadPrediction(getPrediction.function);
    table.grantStoreFeedback(feedback.function);
    table.grantStorePredictions(drain.function);
    queue.drainInto(drain.function);
  }
}

function variablesOf(props: ModelFunctionsProps): Record<FunctionName, Record<string, string>> {
  const { settings, table, queue, endpoint } = props;
  const variants = variantVariables({
    model: props.model,
    settings,
    endpoints: props.variantEndpoints,
  });
  const store = { TABLE_NAME: table.tableName };
  const retention = { RETENTION_DAYS: String(settings.capture.retentionDays) };
  const model =
    endpoint === undefined
      ? {}
      : { ENDPOINT_NAME: endpoint.endpointName, PAYLOAD_LIMIT_BYTES: String(endpoint.payloadLimitBytes) };
  const isAsynchronous = endpoint instanceof AsynchronousEndpoint;
  return {
    predict: {
      ...store,
      ...retention,
      ...(isAsynchronous
        ? submission(endpoint)
        : { ...model, ...variants.predict, CAPTURE_QUEUE_URL: queue.queueUrl }),
    },
    'get-prediction': store,
    feedback: { ...store, ...retention },
    health: isAsynchronous ? store : model,
    describe: {
      HOSTING_MODE: settings.hosting.mode,
      AVAILABILITY_PERCENT: String(settings.objectives.availabilityPercent),
      LATENCY_P95_MS: String(settings.objectives.latencyP95Ms),
      ...variants.describe,
    },
    drain: store,
    complete: { ...store, ...(isAsynchronous ? { INFERENCE_BUCKET: endpoint.bucketName } : {}) },
  };
}

/** Where a request goes, and what it is told about its time. */
function submission({
  endpointName,
  bucketName,
  asynchronous,
}: AsynchronousEndpoint): Record<string, string> {
  const { hosting } = asynchronous;
  return {
    ENDPOINT_NAME: endpointName,
    INFERENCE_BUCKET: bucketName,
    INVOCATION_TIMEOUT_SECONDS: String(hosting.timeoutSeconds),
    MAX_WAIT_SECONDS: String(hosting.maxWaitSeconds),
  };
}
