import type { App, Stack } from 'aws-cdk-lib/core';
import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import type { Model } from '../../contract/model/model.ts';
import { type ModelBuilds, servingKey } from '../bundling/build-models.ts';
import type { Environment } from '../environment.ts';
import { FEATURES } from '../features/features.ts';
import { type Feature, loadFeatures } from '../functions/feature.ts';
import { ModelStack } from './model-stack.ts';
import { SharedStack } from './shared-stack.ts';

export interface AddStacksOptions {
  readonly environment: Environment;
  readonly models: readonly { readonly model: Model; readonly settings: DeploymentSettings }[];
  readonly builds: ModelBuilds;
  /** What deployed models do: the same that they were built with. @default - every feature there is */
  readonly features?: readonly Feature[];
}

/** Adds the stacks of one environment to an app. */
export async function addStacks(
  app: App,
  { environment, models, builds, features = FEATURES }: AddStacksOptions,
): Promise<void> {
  // Datadog's library loads much of the CDK, so it is loaded only where it is used.
  const instrument =
    environment.datadog === undefined
      ? undefined
      : (await import('../datadog/instrument-functions.ts')).instrumentFunctions;
  const shared = new SharedStack(app, environment);
  const network = await addNetwork(app, environment);
  const loaded = await loadFeatures(features, models);
  for (const { model, settings } of models) {
    const stack = new ModelStack(app, {
      environment,
      model,
      settings,
      build: {
        handlerCode: builds.handlerCode,
        serving: builds.serving.get(model.name),
        servingOf: (variant) => builds.serving.get(servingKey(model.name, variant)),
      },
      instrument,
      features: loaded,
    });
    stack.addStackDependency(shared, 'alarms notify its topics, and API Gateway logs by its role');
    if (network !== undefined) stack.addStackDependency(network, 'functions and containers run in it');
  }
}

/** The network's stack, whose constructs are loaded only where there is one. */
async function addNetwork(app: App, environment: Environment): Promise<Stack | undefined> {
  if (environment.network === undefined) return undefined;
  const { NetworkStack } = await import('./network-stack.ts');
  return new NetworkStack(app, environment, environment.network);
}
