import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { answeringVariants } from '../../contract/deployment/variants.ts';
import type { Model } from '../../contract/model/model.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';

export interface VariantVariablesOptions {
  readonly model: Pick<Model, 'version'>;
  readonly settings: DeploymentSettings;
  /** Of the variants besides the champion, by name. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
}

/** Where nothing is shadowed, no answer waits; the function asks for a value all the same. */
const NO_SHADOWS_BUDGET_MS = 1;

/**
 * What the functions know of the variants. Weights are here and nowhere else in a template: changing them changes the
 * environment of two functions and no endpoint.
 */
export function variantVariables({ model, settings, endpoints }: VariantVariablesOptions) {
  const { variants } = settings;
  const answering = answeringVariants(model, variants);
  const shadows = variants?.shadows ?? [];
  const route = <V extends { readonly name: string }>(variant: V) => {
    const endpoint = endpoints.get(variant.name);
    return endpoint === undefined ? variant : { ...variant, endpointName: endpoint.endpointName };
  };
  return {
    /** For the function that asks variants. */
    predict: {
      VARIANTS: JSON.stringify(answering.map(route)),
      SHADOWS: JSON.stringify(shadows.map(({ name, version }) => route({ name, version }))),
      SHADOW_BUDGET_MS: String(variants?.shadowBudgetMs ?? NO_SHADOWS_BUDGET_MS),
    },
    /** For the function that tells what answers: shadows are nobody's business outside. */
    describe: { VARIANTS: JSON.stringify(answering) },
  };
}
