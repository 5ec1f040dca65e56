import {
  type Deployment,
  type DeploymentSettings,
  SAFETY_FACTOR,
} from '../../contract/deployment/deployment.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { hasArtifact, type Model, trialProblems } from '../../contract/model/model.ts';
import { endpointNameOf, modelStackName, networkStackName, sharedStackName } from '../names.ts';
import { batchProblems } from './batch-problems.ts';
import { accountCapacityProblems, capacityProblems } from './capacity-problems.ts';
import { containerProblems } from './container-problems.ts';
import { imageProblems } from './image-problems.ts';
import { lambdaArtifactProblems } from './lambda-hosting-problems.ts';
import { type CheckedNetwork, networkProblems, outsideProblems } from './network-problems.ts';
import { functionRolloutProblems, rolloutProblems } from './rollout-problems.ts';
import { scaleToZeroProblems } from './scale-to-zero-problems.ts';
import { type CheckedVariants, variantProblems } from './variant-problems.ts';

export interface CheckedDeployment extends CheckedVariants {
  readonly model: Model;
  readonly deployment: Deployment;
  /** What `deployment` comes to in the environment. */
  readonly settings: DeploymentSettings;
  /** Whether the model's artifact is there; true for a model without one. */
  readonly artifactExists: boolean;
  /** The artifact's size; absent where there is none. */
  readonly artifactBytes?: number;
  /** What is wrong with the golden predictions that a deployment is held to. @default - nothing */
  readonly goldenProblems?: readonly string[];
  /** Of the artifacts that are folders, the files. @default - each is one file */
  readonly artifactFolders?: ReadonlyMap<string, readonly string[]>;
  /** Whether the folder that the container is built from has a Dockerfile. @default true */
  readonly dockerfileExists?: boolean;
}

/** What all models of an environment are checked against. */
export interface DeploymentContext extends CheckedNetwork {
  readonly environment: string;
  readonly environments: readonly string[];
}

/** Models that AWS would not take, or would not serve as declared. The message lists every problem of every model. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These models can't be deployed as declared:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Checks all models before anything is built.
 * @throws {DeploymentError} with every problem, each with the stack's path, what was declared, and what to do
 */
export function checkDeployments(checked: readonly CheckedDeployment[], context: DeploymentContext): void {
  const problems = [
    ...checked.flatMap((one) =>
      deploymentProblems(one, context).map(
        (problem) => `${modelStackName(context.environment, one.model.name)}: ${problem}`,
      ),
    ),
    ...networkProblems(context).map((problem) => `${networkStackName(context.environment)}: ${problem}`),
    ...accountCapacityProblems(checked.map(({ settings }) => settings.hosting)),
  ];
  if (problems.length > 0) throw new DeploymentError(problems);
}

function deploymentProblems(checked: CheckedDeployment, context: DeploymentContext): readonly string[] {
  return [
    ...trialProblems(checked.model),
    ...nameProblems(checked, context),
    ...environmentProblems(checked, context),
    ...hostingProblems(checked, context),
    ...capacityProblems(checked.settings.hosting),
    ...containerProblems(checked, context.region),
    ...imageProblems(checked),
    ...variantProblems(checked, context.environment),
    ...batchProblems(checked, context.environment),
    ...scaleToZeroProblems(checked.settings),
    ...objectiveProblems(checked.settings),
    ...rolloutProblems(checked.settings),
    ...functionRolloutProblems(checked.settings),
    ...goldenProblems(checked),
    ...accessProblems(checked.settings),
    ...scalingProblems(checked.settings),
    ...outsideProblems(checked.settings, context),
  ];
}

function nameProblems({ model }: CheckedDeployment, { environment }: DeploymentContext): string[] {
  const taken = new Map([
    [sharedStackName(environment), 'what models share'],
    [networkStackName(environment), 'the network'],
  ]).get(modelStackName(environment, model.name));
  if (taken === undefined) return [];
  return [`the name "${model.name}" is taken by the stack of ${taken}. Use another name for the model.`];
}

function environmentProblems(
  { deployment }: CheckedDeployment,
  { environments }: DeploymentContext,
): string[] {
  return Object.keys(deployment.environments)
    .filter((name) => !environments.includes(name))
    .map(
      (name) =>
        `deployment.ts has settings for the environment "${name}", which does not exist. Use one of: ${environments.join(', ')}.`,
    );
}

function hostingProblems(
  { model, settings, artifactExists, artifactBytes = 0 }: CheckedDeployment,
  { environment }: DeploymentContext,
): string[] {
  const { hosting } = settings;
  const { mode } = hosting;
  if (!hasArtifact(model)) {
    return mode === 'lambda'
      ? []
      : [`the model is pure mathematics, and hosting "${mode}" serves artifacts. Use { mode: 'lambda' }.`];
  }
  const problems: string[] = [];
  if (hosting.mode === 'lambda') {
    problems.push(...lambdaArtifactProblems(hosting, model.artifact, artifactBytes));
  } else {
    const name = endpointNameOf(environment, model.name, hosting);
    if (name.length > AWS_LIMITS.endpointName.value) {
      problems.push(
        `its endpoint would be named ${name}, which has ${name.length} characters of at most ${AWS_LIMITS.endpointName.value}. Use a shorter name for the model or the environment.`,
      );
    }
  }
  if (!artifactExists && !('modelData' in hosting && hosting.modelData !== undefined)) {
    problems.push(
      `models/${model.name}/artifacts/${model.artifact} does not exist. Make it with: npm run train -- ${model.name}`,
    );
  }
  return problems;
}

function objectiveProblems({ objectives }: DeploymentSettings): string[] {
  const limitMs = AWS_LIMITS.gatewayTimeoutSeconds.value * 1000;
  if (objectives.latencyP95Ms < limitMs) return [];
  return [
    `objectives.latencyP95Ms is ${objectives.latencyP95Ms}, and API Gateway gives up after ${limitMs} ms. Ask for less in one request, or make the model faster: answers that take longer need { mode: 'asynchronous', … }, where the objective is about accepting a request.`,
  ];
}

function goldenProblems({ model, goldenProblems: problems = [] }: CheckedDeployment): string[] {
  return problems.map(
    (problem) =>
      `models/${model.name}/artifacts/reference.json: ${problem} Correct it: a deployment is held to these golden predictions.`,
  );
}

function accessProblems({ access }: DeploymentSettings): string[] {
  const problems: string[] = [];
  if (access.requestsPerSecond > AWS_LIMITS.gatewayRequestsPerSecond.value) {
    problems.push(
      `access.requestsPerSecond is ${access.requestsPerSecond}, and an account gets ${AWS_LIMITS.gatewayRequestsPerSecond.value} in a region. Declare less, or have the quota raised and change it here.`,
    );
  }
  if (access.burst > AWS_LIMITS.gatewayBurst.value) {
    problems.push(
      `access.burst is ${access.burst}, and an account gets ${AWS_LIMITS.gatewayBurst.value} in a region. Declare less.`,
    );
  }
  return problems;
}

function scalingProblems({ hosting, access }: DeploymentSettings): string[] {
  if (hosting.mode !== 'realtime' || hosting.instances.max === hosting.instances.min) return [];
  const served = hosting.instances.min * hosting.requestsPerSecondPerInstance * SAFETY_FACTOR;
  if (access.requestsPerSecond > served) return [];
  return [
    `hosting.instances.max is ${hosting.instances.max}, but access.requestsPerSecond lets in ${access.requestsPerSecond} requests a second, and ${hosting.instances.min} instances are planned for ${served}: a further one would never start. Raise access.requestsPerSecond, or set max to ${hosting.instances.min}.`,
  ];
}
