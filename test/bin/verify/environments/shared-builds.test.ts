import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../../../bin/environments.ts';
import { verifyCases } from '../../../../bin/verify/environments/cases.ts';
import { sharedBuilds } from '../../../../bin/verify/environments/shared-builds.ts';
import { settingsFor } from '../../../../contract/deployment/deployment.ts';
import {
  artifactModel,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../../../lib/support/models.ts';

const DEPLOYMENT = deploymentOf(SERVERLESS, { environments: { prod: { hosting: REALTIME } } });

const learned = (environment: string) => ({
  model: artifactModel,
  settings: settingsFor(DEPLOYMENT, environment),
});

/** What is built, one after the other; a build's code lies in a folder of that name. */
function counted() {
  const built: string[] = [];
  const build = sharedBuilds(async (models) => {
    const folder = models.map(({ model, settings }) => `${model.name} ${settings.hosting.mode}`).join(', ');
    built.push(folder);
    return { handlerCode: () => ({ folder, hash: 'any' }), serving: new Map() };
  });
  return { built, build };
}

describe('what is verified', () => {
  it('is built once for all cases of an environment, and apart for another one', async () => {
    const { built, build } = counted();
    const builds = await Promise.all(
      verifyCases().map(({ environment }) => build([learned(environment.name)])),
    );

    expect(verifyCases().length).toBeGreaterThan(Object.keys(ENVIRONMENTS).length);
    expect(built).toEqual(['learned-yield serverless', 'learned-yield realtime']);
    expect(builds.map(({ handlerCode }) => handlerCode('learned-yield', 'predict').folder)).toEqual(
      verifyCases().map(({ environment }) =>
        environment.name === 'dev' ? 'learned-yield serverless' : 'learned-yield realtime',
      ),
    );
  });

  it('is built apart for other models with the same settings', async () => {
    const { built, build } = counted();
    const { settings } = learned('dev');
    await build([{ model: artifactModel, settings }]);
    await build([{ model: computedModel, settings }]);
    await build([{ model: artifactModel, settings }]);

    expect(built).toEqual(['learned-yield serverless', 'doubled-yield serverless']);
  });
});
