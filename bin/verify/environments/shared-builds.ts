import type { BuildModelsOptions, ModelBuilds } from '../../../lib/bundling/build-models.ts';

type Models = BuildModelsOptions['models'];

/**
 * Builds once what cases ship whose models have the same settings: bundles and archives depend on nothing else of an
 * environment.
 * @param build builds models that were not built before
 */
export function sharedBuilds(
  build: (models: Models) => Promise<ModelBuilds>,
): (models: Models) => Promise<ModelBuilds> {
  const bySettings = new Map<string, Promise<ModelBuilds>>();
  return (models) => {
    const settings = JSON.stringify(models.map((one) => [one.model.name, one.settings]));
    const builds = bySettings.get(settings) ?? build(models);
    bySettings.set(settings, builds);
    return builds;
  };
}
