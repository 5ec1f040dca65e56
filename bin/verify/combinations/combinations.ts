import {
  type Deployment,
  type DeploymentOptions,
  type DeploymentSettings,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';
import { ContractError, type Model } from '../../../contract/model/model.ts';
import { checkDeployments, DeploymentError } from '../../../lib/validation/deployment-problems.ts';
import { modelFor, variantsOf } from './models.ts';
import {
  CONTAINERS,
  type ContainerName,
  HOSTS,
  type HostName,
  ROLLOUTS,
  type RolloutName,
  VARIANT_SETS,
  type VariantSet,
} from './parts.ts';
import { OK, VERDICTS } from './verdicts.ts';

/** One way to declare a deployment. */
export interface Combination {
  /** In words. */
  readonly title: string;
  readonly host: HostName;
  readonly container: ContainerName;
  readonly model: Model;
  /** What `deployment.ts` would say; the contract may refuse it. */
  readonly options: DeploymentOptions;
  /** What synthesis has to say of it; nothing where it is allowed. */
  readonly expected: readonly string[];
}

/** What a combination comes to that the contract takes. */
export interface Declared {
  readonly model: Model;
  readonly deployment: Deployment;
  readonly settings: DeploymentSettings;
}

/** The environment that combinations are checked in. */
const ENVIRONMENT = 'prod';

/** What every image finds in an artifact that is a folder. */
const FILES = ['code/inference.py', 'yield/1/model.onnx'];

/** Every host with every container, rollout and set of variants. */
export function combinations(): readonly Combination[] {
  const names = <N extends string>(parts: Readonly<Record<N, unknown>>) => Object.keys(parts) as N[];
  const parts = names(HOSTS).flatMap((host) =>
    names(CONTAINERS).flatMap((container) =>
      names(ROLLOUTS).flatMap((rollout) =>
        VARIANT_SETS.map((variants) => ({ host, container, rollout, variants })),
      ),
    ),
  );
  return parts.map((one, index) => combinationOf(one, index));
}

interface Parts {
  readonly host: HostName;
  readonly container: ContainerName;
  readonly rollout: RolloutName;
  readonly variants: VariantSet;
}

function combinationOf(parts: Parts, index: number): Combination {
  const { host, container, rollout, variants } = parts;
  const model = modelFor(host, `combination-${index}`);
  // Where a deployment names no container it has Furrow's own, or is not served by any.
  const named = container === 'serving' ? {} : { container: CONTAINERS[container] };
  return {
    title: `${host}, ${container}, ${rollout}, ${variants}`,
    host,
    container,
    model,
    options: {
      hosting: { ...HOSTS[host], ...named } as DeploymentOptions['hosting'],
      objectives: { latencyP95Ms: 800 },
      access: { kind: 'api-key', requestsPerSecond: 200, burst: 400 },
      rollout: ROLLOUTS[rollout],
      variants: variantsOf(model, variants),
    },
    expected: expectedOf(parts),
  };
}

/** What the contract refuses is told before anything else is looked at. */
function expectedOf({ host, container, rollout, variants }: Parts): readonly string[] {
  const { containers, rollouts, variants: sets } = VERDICTS[host];
  const all = [containers[container], sets[variants], rollouts[rollout]].filter((verdict) => verdict !== OK);
  const refused = all.filter((verdict) => verdict.startsWith('hosting: '));
  return refused.length > 0 ? refused : all;
}

/** @throws {ContractError} where the contract refuses it */
export function declared({ model, options }: Combination): Declared {
  const deployment = defineDeployment(options);
  return { model, deployment, settings: settingsFor(deployment, ENVIRONMENT) };
}

/** What synthesis says of a combination, without the path of its stack. */
export function problemsOf(combination: Combination): readonly string[] {
  const { model, container } = combination;
  try {
    const artifacts = container === 'serving' ? [] : ['champion', 'second'];
    checkDeployments(
      [
        {
          ...declared(combination),
          artifactExists: true,
          artifactFolders: new Map(artifacts.map((artifact) => [artifact, FILES] as const)),
        },
      ],
      { environment: ENVIRONMENT, environments: [ENVIRONMENT] },
    );
    return [];
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    if (!(error instanceof DeploymentError)) throw error;
    return error.problems.map((problem) => problem.replace(`furrow-${ENVIRONMENT}-${model.name}: `, ''));
  }
}
