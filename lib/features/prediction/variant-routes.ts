import type { DeploymentSettings } from '../../../contract/deployment/deployment.ts';
import { answeringVariants } from '../../../contract/deployment/variants.ts';
import type { Model } from '../../../contract/model/model.ts';
import type { ModelEndpoint } from '../../hosting/model-endpoint.ts';

export interface VariantRoutesOptions {
  readonly model: Pick<Model, 'version'>;
  readonly settings: DeploymentSettings;
  /** Of the variants besides the champion, by name. */
  readonly variantEndpoints: ReadonlyMap<string, ModelEndpoint>;
}

/** Where nothing is shadowed, no answer waits; the function asks for a value all the same. */
const NO_SHADOWS_BUDGET_MS = 1;

/**
 * What the function that asks variants knows of them. Weights are in variables and nowhere else in a template: changing them
 * changes the environment of two functions and no endpoint.
 */
export function variantRoutes({ model, settings: { variants }, variantEndpoints }: VariantRoutesOptions) {
  const shadows = variants?.shadows ?? [];
  const route = <V extends { readonly name: string }>(variant: V) => {
    const endpoint = variantEndpoints.get(variant.name);
    return endpoint === undefined ? variant : { ...variant, endpointName: endpoint.endpointName };
  };
  return {
    VARIANTS: JSON.stringify(answeringVariants(model, variants).map(route)),
    SHADOWS: JSON.stringify(shadows.map(({ name, version }) => route({ name, version }))),
    SHADOW_BUDGET_MS: String(variants?.shadowBudgetMs ?? NO_SHADOWS_BUDGET_MS),
  };
}
