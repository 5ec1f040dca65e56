import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ProvisionedConcurrency } from '../../contract/deployment/scaling.ts';
import { furtherVariants } from '../../contract/deployment/variants.ts';
import { takesImages } from '../../contract/fields/image.ts';
import { CHAMPION } from '../../contract/model/answering-variant.ts';
import { asynchronousRollbackAlarms } from '../alarms/catalogue/asynchronous-alarms.ts';
import { endpointAlarmId, ROLLBACK_ALARMS } from '../alarms/catalogue/endpoint-alarms.ts';
import type { AlarmsById } from '../alarms/rollback-alarms.ts';
import type { OperationFunctions } from '../api/api-routes.ts';
import type { HandlerCodeOf } from '../bundling/bundle-handlers.ts';
import type { Environment } from '../environment.ts';
import { FUNCTION_SPECS, type FunctionName } from '../function-specs.ts';
import { AsynchronousEndpoint } from '../hosting/asynchronous-endpoint.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';
import type { NetworkPlacement } from '../network/placement.ts';
import type { DataKey } from '../security/data-key.ts';
import { FunctionRollout } from './function-rollout.ts';
import { type FunctionSurroundings, functionVariables, type OnlineFunction } from './function-variables.ts';
import { imageMemoryMb } from './image-memory.ts';
import { LiveAlias } from './live-alias.ts';
import { ModelFunction } from './model-function.ts';
import { Verification } from './verification.ts';

export interface ModelFunctionsProps extends FunctionSurroundings {
  readonly environment: Environment;
  readonly handlerCode: HandlerCodeOf;
  /** What the functions' logs are encrypted with. @default - a key of CloudWatch Logs */
  readonly key?: DataKey | undefined;
  /** @default - a network of AWS, which has a way to the internet */
  readonly network?: NetworkPlacement | undefined;
  /** Whether the model has a trained artifact. */
  readonly artifact: boolean;
}

/**
 * All functions that serve a model's API, each with the variables and the permissions that it needs and no others. What
 * answers the API is published as a version for each deployment, under the alias `live`: predictions move to a new version
 * once it is verified, by the model's rollout, and the other operations follow when predictions have moved.
 */
export class ModelFunctions extends Construct {
  readonly list: readonly ModelFunction[];
  /** What answers each operation of the API. */
  readonly operations: OperationFunctions;
  /** What verifies tokens, where the API takes them. */
  readonly authorizer: IFunction | undefined;
  readonly #rollout: FunctionRollout | undefined;

  constructor(scope: Construct, id: string, props: ModelFunctionsProps) {
    super(scope, id);
    const { hosting } = props.settings;
    const variables = functionVariables(props);
    const create = (name: OnlineFunction) =>
      new ModelFunction(this, name, {
        model: props.model.name,
        name,
        code: props.handlerCode(props.model.name, name),
        environment: props.environment,
        key: props.key,
        network: inNetwork(name) ? props.network : undefined,
        variables: variables[name],
        ...memoryOf(name, props),
        ...(name === 'predict' && hosting.mode === 'lambda'
          ? { reservedConcurrency: hosting.reservedConcurrency }
          : {}),
      });
    const predict = create('predict');
    const getPrediction = create('get-prediction');
    const feedback = create('feedback');
    const health = create('health');
    const describe = create('describe');
    const drain = create('drain');
    const verify = create('verify');
    const authorize = props.settings.access.kind === 'jwt' ? create('authorize') : undefined;
    this.authorizer = authorize?.function;
    const { table, queue, endpoint } = props;
    const everywhere = [predict, getPrediction, feedback, health, describe, drain, verify];
    const upload = props.uploads === undefined ? undefined : create('upload');
    const optional = [authorize, upload].filter((one) => one !== undefined);
    this.#rollout = this.#rolloutOf(predict.function, props);
    const live = new LiveAlias(this, 'Live', {
      function: predict.function,
      provisioned: provisionedOf(props),
      rollout: this.#rollout,
    });
    const complete = endpoint instanceof AsynchronousEndpoint ? create('complete') : undefined;
    const verification = new Verification(this, 'Verification', {
      function: verify.function,
      // Other weights are another version. In a queue, a question about nothing else would wait behind all requests.
      predict: complete === undefined ? live.version : predict.function,
      collector: complete?.function,
      variants: [CHAMPION, ...verifiedVariants(props)],
      endpoints: endpointsOf(props),
      hosting,
    });
    live.node.addDependency(verification);
    const following = ({ name, function: fn }: ModelFunction) => {
      const { alias, node } = new LiveAlias(this, `Live-${name}`, { function: fn });
      node.addDependency(live);
      return alias;
    };
    this.operations = {
      predict: live.alias,
      'get-prediction': following(getPrediction),
      feedback: following(feedback),
      health: following(health),
      describe: following(describe),
      ...(upload === undefined ? {} : { upload: following(upload) }),
    };
    if (upload !== undefined) props.uploads?.grantOffer(upload.function);
    props.uploads?.grantRead(predict.function);
    endpoint?.grantInvoke(predict.function);
    for (const { function: fn } of [predict, health]) endpoint?.deployBefore(fn);
    for (const further of props.variantEndpoints.values()) {
      further.grantInvoke(predict.function);
      further.deployBefore(predict.function);
    }
    table.grantStorePredictions(predict.function);
    if (endpoint instanceof AsynchronousEndpoint && complete !== undefined) {
      const own = [complete];
      table.grantReadOutcome(health.function);
      table.grantStoreOutcomes(complete.function);
      endpoint.completeWith(complete.function);
      if (props.callbacks !== undefined) {
        const notify = create('notify');
        own.push(notify);
        props.callbacks.callBackWith(notify.function);
        props.callbacks.grantSend(complete.function);
        table.grantReadOutcome(complete.function);
      }
      this.list = [...everywhere, ...optional, ...own];
      // Where a prediction is awaited, its record is there already; a shadow's is new.
      if ((props.settings.variants?.shadows ?? []).length > 0) table.grantStorePredictions(complete.function);
      for (const one of [endpoint, ...props.variantEndpoints.values()]) one.deployBefore(complete.function);
    } else {
      this.list = [...everywhere, ...optional];
      endpoint?.grantInvoke(health.function);
      queue.grantSend(predict.function);
    }
    table.grantReadPrediction(getPrediction.function);
    table.grantStoreFeedback(feedback.function);
    table.grantStorePredictions(drain.function);
    queue.drainInto(drain.function);
  }

  /** Has the alarms that shift predictions back in place before they are shifted. */
  watchDuringRollout(alarms: AlarmsById): void {
    this.#rollout?.watchDuringRollout(alarms);
  }

  /** How predictions move from one version to the next; undefined where they move at once. */
  #rolloutOf(predict: LambdaFunction, props: ModelFunctionsProps): FunctionRollout | undefined {
    const { rollout } = props.settings;
    if (rollout.strategy === 'all-at-once') return undefined;
    // Lambda refuses to provision an alias that has weights, and moves a provisioned one as its environments get ready.
    if (provisionedOf(props) !== undefined) return undefined;
    return new FunctionRollout(this, 'Rollout', {
      environment: props.environment.name,
      model: props.model.name,
      function: predict,
      rollout,
      alarmIds: rollbackAlarmIds(props),
    });
  }
}

/**
 * A verification asks SageMaker's and Lambda's control planes and answers to an address of CloudFormation: a network without
 * a way out has none of them, and nothing but golden predictions passes through it.
 */
function inNetwork(name: FunctionName): boolean {
  return name !== 'verify';
}

function provisionedOf({ settings: { hosting } }: ModelFunctionsProps): ProvisionedConcurrency | undefined {
  return hosting.mode === 'lambda' ? hosting.provisionedConcurrency : undefined;
}

function endpointsOf({ endpoint, variantEndpoints }: ModelFunctionsProps): readonly ModelEndpoint[] {
  return [...(endpoint === undefined ? [] : [endpoint]), ...variantEndpoints.values()];
}

/**
 * The variants besides the champion that have to answer. One of weight 0 answers nobody, and giving a variant that fails
 * this weight has to be deployable; where a change of weights is not verified, each has to be ready for any weight.
 */
function verifiedVariants({ settings: { hosting, variants } }: ModelFunctionsProps): readonly string[] {
  return furtherVariants(variants)
    .filter((one) => hosting.mode === 'asynchronous' || !('weight' in one) || one.weight > 0)
    .map(({ name }) => name);
}

/**
 * What shows that a new version of predict fails: the API, the function, and the endpoint that it asks first. Challengers
 * show in the API, and CodeDeploy watches ten alarms at most (CodeDeploy quotas).
 */
function rollbackAlarmIds({ endpoint }: ModelFunctionsProps): readonly string[] {
  const own = ['api-5xx-rate', 'function-errors-predict'];
  if (endpoint === undefined) return own;
  if (endpoint.asynchronous !== undefined)
    return [...own, ...asynchronousRollbackAlarms(CHAMPION, endpoint.asynchronous)];
  return [...own, ...ROLLBACK_ALARMS.map((kind) => endpointAlarmId(kind, CHAMPION))];
}

/**
 * Hosting in the function sizes what predicts, and health too where that loads the same artifact. Elsewhere what decodes
 * images is sized by them.
 */
function memoryOf(
  name: FunctionName,
  { model, settings, artifact }: ModelFunctionsProps,
): { memoryMb?: number } {
  const { hosting } = settings;
  if (hosting.mode !== 'lambda' && name === 'predict' && takesImages(model)) {
    return { memoryMb: Math.max(FUNCTION_SPECS.predict.memoryMb, imageMemoryMb(model)) };
  }
  const holdsModel = name === 'predict' || (name === 'health' && artifact);
  return holdsModel && hosting.mode === 'lambda' ? { memoryMb: hosting.memoryMb } : {};
}
