import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { AlarmSubject } from '../alarms/catalogue/alarm-catalogue.ts';
import type { AlarmDeclaration } from '../alarms/catalogue/alarm-declaration.ts';
import type { FunctionDeclaration } from './function-declaration.ts';
import type { ModelFunction } from './model-function.ts';
import type { DeclaredModel, ModelParts } from './model-parts.ts';

/** What a function is made with, where it differs from what it declares. */
export interface FunctionSizing {
  readonly memoryMb?: number;
  /** @default - the account's unreserved concurrency, which all functions share */
  readonly reservedConcurrency?: number | undefined;
}

/** A function of a feature, and how it is wired. `Own` is what the feature has for itself. */
export interface FeatureFunction<Name extends string = string, Own = unknown>
  extends FunctionDeclaration<Name> {
  /** Whether it runs in the environment's own network, where there is one. @default true */
  readonly inNetwork?: boolean;
  /** Whether crashes and throttles of it raise alarms. @default true */
  readonly alarmed?: boolean;
  /** @default - what it declares */
  sizing?(parts: ModelParts): FunctionSizing;
  /** Its environment variables: what it needs and no others. @default - none but those of every function */
  variables?(parts: ModelParts, own: Own): Readonly<Record<string, string>>;
  /**
   * Lets the function do what it is for, feeds it, and has what it asks deployed before it. @default - it may do nothing
   * but write its log
   */
  connect?(fn: LambdaFunction, parts: ModelParts, own: Own): void;
  /** The function, where a construct of the feature's own has made it. @default - it is made with the API's */
  made?(own: Own): ModelFunction;
}

/** A value that whoever deploys or calls the model needs. */
export interface FeatureOutput {
  readonly id: string;
  readonly value: string;
  readonly description: string;
}

/**
 * One thing that a deployed model does, with all it takes: functions, their variables and permissions, resources of its own,
 * alarms and outputs. The list of features is what bundling, functions and stacks work from.
 *
 * Hooks are methods, so that a feature with resources of some type is a feature: what it made itself it gets back.
 */
export interface Feature<Name extends string = string, Own = unknown> {
  /** Whether a model has it; functions, resources, alarms and outputs are there only then. @default - every model has it */
  belongsTo?(declared: DeclaredModel): boolean;
  readonly functions: readonly FeatureFunction<Name, Own>[];
  /**
   * Loads what adds to a model's stack what no other feature has to do with; where no model has the feature, its constructs
   * are not loaded. @default - it adds nothing
   */
  resources?(): Promise<Resources<Own>>;
  /** What alarms of the catalogue look at. @default - nothing */
  watched?(parts: ModelParts, own: Own): FeatureSubjects;
  /** Alarms besides those of its functions and the catalogue's. @default - none */
  alarms?(parts: ModelParts, own: Own): readonly AlarmDeclaration[];
  /** @default - none */
  outputs?(parts: ModelParts, own: Own): readonly FeatureOutput[];
}

/** Adds what a feature has for itself to the stack of a model that has the feature. */
export type Resources<Own> = (stack: Construct, parts: ModelParts) => Own;

/** What the catalogue of alarms takes from features that only some models have. */
export type FeatureSubjects = Pick<AlarmSubject, 'callbacks' | 'batch'>;

/** A feature that is ready to be installed. */
export interface LoadedFeature {
  readonly feature: Feature;
  readonly resources: Resources<unknown> | undefined;
}

/** A feature of one model, with what it has for itself there. */
export interface InstalledFeature {
  readonly feature: Feature;
  readonly own: unknown;
}

/** The features that any of the models has, ready to be installed. */
export async function loadFeatures(
  features: readonly Feature[],
  models: readonly DeclaredModel[],
): Promise<readonly LoadedFeature[]> {
  return Promise.all(
    features
      .filter((feature) => models.some((declared) => belongsTo(feature, declared)))
      .map(async (feature) => ({ feature, resources: await feature.resources?.() })),
  );
}

/** Adds the features that a model has, in the order of the list. */
export function installFeatures(
  stack: Construct,
  features: readonly LoadedFeature[],
  parts: ModelParts,
): readonly InstalledFeature[] {
  return features
    .filter(({ feature }) => belongsTo(feature, parts))
    .map(({ feature, resources }) => ({ feature, own: resources?.(stack, parts) }));
}

/** The features that a model has. */
export function featuresOf(features: readonly Feature[], declared: DeclaredModel): readonly Feature[] {
  return features.filter((feature) => belongsTo(feature, declared));
}

function belongsTo(feature: Feature, declared: DeclaredModel): boolean {
  return feature.belongsTo?.(declared) ?? true;
}
