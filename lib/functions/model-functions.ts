import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Operation, routesOf } from '../../contract/api/routes.ts';
import type { ProvisionedConcurrency } from '../../contract/deployment/scaling.ts';
import { furtherVariants } from '../../contract/deployment/variants.ts';
import { CHAMPION } from '../../contract/model/answering-variant.ts';
import { asynchronousRollbackAlarms } from '../alarms/catalogue/asynchronous-alarms.ts';
import { endpointAlarmId, ROLLBACK_ALARMS } from '../alarms/catalogue/endpoint-alarms.ts';
import type { AlarmsById } from '../alarms/rollback-alarms.ts';
import type { OperationFunctions } from '../api/api-routes.ts';
import type { FeatureFunction, InstalledFeature } from './feature.ts';
import { FunctionRollout } from './function-rollout.ts';
import { LiveAlias } from './live-alias.ts';
import { ModelFunction } from './model-function.ts';
import { endpointsOf, type ModelParts } from './model-parts.ts';
import { Verification } from './verification.ts';

export interface ModelFunctionsProps {
  readonly parts: ModelParts;
  /** What the model has, in the order in which its functions are made. */
  readonly features: readonly InstalledFeature[];
}

/** A function of a feature, and what the feature has for itself. */
interface MadeFunction {
  readonly declared: FeatureFunction;
  readonly own: unknown;
  readonly made: ModelFunction;
}

/**
 * All functions of a model, as its features declare them, each with the variables and the permissions that it needs and no
 * others. What answers the API is published as a version for each deployment, under the alias `live`: predictions move to a
 * new version once it is verified, by the model's rollout, and the other operations follow when predictions have moved.
 */
export class ModelFunctions extends Construct {
  /** Every function, those among them that a construct of a feature has made. */
  readonly list: readonly ModelFunction[];
  /** Those whose crashes and throttles raise alarms. */
  readonly alarmed: readonly ModelFunction[];
  /** What answers each operation of the API. */
  readonly operations: OperationFunctions;
  /** What verifies tokens, where the API takes them. */
  readonly authorizer: IFunction | undefined;
  readonly #rollout: FunctionRollout | undefined;

  constructor(scope: Construct, id: string, { parts, features }: ModelFunctionsProps) {
    super(scope, id);
    const functions = features.flatMap(({ feature, own }) =>
      feature.functions.map(
        (declared): MadeFunction => ({ declared, own, made: this.#make(declared, parts, own) }),
      ),
    );
    this.list = functions.map(({ made }) => made);
    this.alarmed = functions.filter(({ declared }) => declared.alarmed ?? true).map(({ made }) => made);
    const named = (name: string) => this.list.find((one) => one.name === name);
    const needed = (name: string) => {
      const found = named(name);
      if (found === undefined) throw new Error(`${this.node.path}: no feature has the function ${name}`);
      return found;
    };
    this.authorizer = named('authorize')?.function;
    const predict = needed('predict');
    this.#rollout = this.#rolloutOf(predict.function, parts);
    const live = new LiveAlias(this, 'Live', {
      function: predict.function,
      provisioned: provisionedOf(parts),
      rollout: this.#rollout,
    });
    const verify = needed('verify');
    const collector = named('complete');
    const verification = new Verification(this, 'Verification', {
      function: verify.function,
      timeoutSeconds: verify.timeoutSeconds,
      // Other weights are another version. In a queue, a question about nothing else would wait behind all requests.
      predict: collector === undefined ? live.version : predict.function,
      collector: collector?.function,
      variants: [CHAMPION, ...verifiedVariants(parts)],
      endpoints: endpointsOf(parts),
      hosting: parts.settings.hosting,
    });
    live.node.addDependency(verification);
    this.operations = this.#publish(parts, live);
    for (const { declared, own, made } of functions) declared.connect?.(made.function, parts, own);
  }

  /** Has the alarms that shift predictions back in place before they are shifted. */
  watchDuringRollout(alarms: AlarmsById): void {
    this.#rollout?.watchDuringRollout(alarms);
  }

  #make(declared: FeatureFunction, parts: ModelParts, own: unknown): ModelFunction {
    if (declared.made !== undefined) return declared.made(own);
    const { model, environment, key, network, handlerCode } = parts;
    return new ModelFunction(this, declared.name, {
      model: model.name,
      declaration: declared,
      code: handlerCode(model.name, declared.name),
      environment,
      key,
      network: (declared.inNetwork ?? true) ? network : undefined,
      variables: declared.variables?.(parts, own) ?? {},
      ...declared.sizing?.(parts),
    });
  }

  /** The aliases of what answers the API, by the route table: predictions' own, and those that follow it. */
  #publish({ model }: ModelParts, live: LiveAlias): OperationFunctions {
    const operations = new Set<string>(routesOf(model).map(({ operation }) => operation));
    const following = this.list
      .filter(({ name }) => name !== 'predict' && operations.has(name))
      .map(({ name, function: fn }) => {
        const { alias, node } = new LiveAlias(this, `Live-${name}`, { function: fn });
        node.addDependency(live);
        return [name, alias] as const;
      });
    return new Map([['predict', live.alias], ...following]) as ReadonlyMap<Operation, IFunction>;
  }

  /** How predictions move from one version to the next; undefined where they move at once. */
  #rolloutOf(predict: LambdaFunction, parts: ModelParts): FunctionRollout | undefined {
    const { rollout } = parts.settings;
    if (rollout.strategy === 'all-at-once') return undefined;
    // Lambda refuses to provision an alias that has weights, and moves a provisioned one as its environments get ready.
    if (provisionedOf(parts) !== undefined) return undefined;
    return new FunctionRollout(this, 'Rollout', {
      environment: parts.environment.name,
      model: parts.model.name,
      function: predict,
      rollout,
      alarmIds: rollbackAlarmIds(parts),
    });
  }
}

function provisionedOf({ settings: { hosting } }: ModelParts): ProvisionedConcurrency | undefined {
  return hosting.mode === 'lambda' ? hosting.provisionedConcurrency : undefined;
}

/**
 * The variants besides the champion that have to answer. One of weight 0 answers nobody, and giving a variant that fails
 * this weight has to be deployable; where a change of weights is not verified, each has to be ready for any weight.
 */
function verifiedVariants({ settings: { hosting, variants } }: ModelParts): readonly string[] {
  return furtherVariants(variants)
    .filter((one) => hosting.mode === 'asynchronous' || !('weight' in one) || one.weight > 0)
    .map(({ name }) => name);
}

/**
 * What shows that a new version of predict fails: the API, the function, and the endpoint that it asks first. Challengers
 * show in the API, and CodeDeploy watches ten alarms at most (CodeDeploy quotas).
 */
function rollbackAlarmIds({ endpoint }: ModelParts): readonly string[] {
  const own = ['api-5xx-rate', 'function-errors-predict'];
  if (endpoint === undefined) return own;
  if (endpoint.asynchronous !== undefined)
    return [...own, ...asynchronousRollbackAlarms(CHAMPION, endpoint.asynchronous)];
  return [...own, ...ROLLBACK_ALARMS.map((kind) => endpointAlarmId(kind, CHAMPION))];
}
