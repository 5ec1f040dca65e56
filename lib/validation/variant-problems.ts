import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { type FurtherVariant, furtherVariants } from '../../contract/deployment/variants.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { hasArtifact, type Model } from '../../contract/model/model.ts';
import { endpointNameOf } from '../names.ts';

export interface CheckedVariants {
  readonly model: Model;
  readonly settings: DeploymentSettings;
  /** Of the artifacts and functions that variants name, those that do not exist or do not fit. @default - none */
  readonly variantSources?: { readonly missing: readonly string[]; readonly unfit: readonly string[] };
}

/** What is wrong with the variants besides the champion, each with its place and a remedy. */
export function variantProblems(
  { model, settings, variantSources = { missing: [], unfit: [] } }: CheckedVariants,
  environment: string,
): readonly string[] {
  return furtherVariants(settings.variants).flatMap((variant) => [
    ...versionProblems(model, variant),
    ...sourceProblems(model, variant, variantSources),
    ...modeProblems(model, settings, variant, environment),
  ]);
}

/** Variants share the champion's fields and units; a client sees a change of those by the major version. */
function versionProblems(model: Model, { name, version }: FurtherVariant): string[] {
  const major = (text: string) => text.split('.')[0];
  if (major(version) === major(model.version)) return [];
  return [
    `the variant "${name}" has the version ${version}, and answers under the contract of ${model.version}. Give it a version with the major ${major(model.version)}, or make it a model of its own.`,
  ];
}

function sourceProblems(
  model: Model,
  variant: FurtherVariant,
  { missing, unfit }: NonNullable<CheckedVariants['variantSources']>,
): string[] {
  const { name } = variant;
  if (hasArtifact(model) !== 'artifact' in variant) {
    return hasArtifact(model)
      ? [`the variant "${name}" names a predict, and the model has an artifact. Name an artifact.`]
      : [
          `the variant "${name}" names an artifact, and the model is pure mathematics. Name a predict that model.ts exports.`,
        ];
  }
  if ('artifact' in variant) {
    return missing.includes(variant.artifact)
      ? [
          `models/${model.name}/artifacts/${variant.artifact}, of the variant "${name}", does not exist. Put it there, or correct its name.`,
        ]
      : [];
  }
  if (unfit.includes(variant.predict)) {
    return [
      `the function "${variant.predict}" of the variant "${name}" does not answer the model's example as its output promises. Give it the signature and the units of the model's own predict.`,
    ];
  }
  return missing.includes(variant.predict)
    ? [
        `models/${model.name}/model.ts exports no function "${variant.predict}", which the variant "${name}" names. Export it, or correct its name.`,
      ]
    : [];
}

function modeProblems(
  model: Model,
  { hosting }: DeploymentSettings,
  { name }: FurtherVariant,
  environment: string,
): string[] {
  if (hosting.mode === 'lambda') {
    return hasArtifact(model)
      ? [
          `the variant "${name}" brings an artifact, and hosting "lambda" runs one artifact only. Use { mode: 'serverless' } or { mode: 'realtime', … }, or leave the variant out.`,
        ]
      : [];
  }
  const endpoint = endpointNameOf(environment, model.name, hosting, { variant: name });
  if (endpoint.length <= AWS_LIMITS.endpointName.value) return [];
  return [
    `the endpoint of the variant "${name}" would be named ${endpoint}, which has ${endpoint.length} characters of at most ${AWS_LIMITS.endpointName.value}. Use a shorter name for it.`,
  ];
}
