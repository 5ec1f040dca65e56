import { describe, expect, it } from 'vitest';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import type { Model } from '../../../contract/model/model.ts';
import { DEV, PROD, WITH_DATADOG } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';
import { synthesizeModel } from '../support/stack.ts';

/** CloudFormation takes 500 resources and 1 MB (CloudFormation quotas): a stack must be able to grow for years. */
const MOST_RESOURCES = 350;
const MOST_BYTES = 400 * 1024;

const PROVISIONED = { min: 1, max: 5 };

const CASES: readonly [DeploymentOptions['hosting']['mode'], Model, DeploymentOptions['hosting']][] = [
  ['lambda', computedModel, { mode: 'lambda', provisionedConcurrency: PROVISIONED }],
  ['serverless', artifactModel, { ...SERVERLESS, provisionedConcurrency: PROVISIONED }],
  [
    'realtime',
    artifactModel,
    {
      ...REALTIME,
      surge: {},
      schedules: [{ name: 'morning', cron: '0 7 ? * MON-FRI *', min: 2, max: 6 }],
    },
  ],
];

describe.each(CASES)('a stack with everything that %s hosting offers', (_, model, hosting) => {
  it.each([
    ['dev', DEV],
    ['prod', PROD],
    ['dev with Datadog', WITH_DATADOG],
  ])('is small enough in %s', async (_name, environment) => {
    const { modelArtifact } = await synthesizeModel(model, deploymentOf(hosting), environment);
    const { Resources: resources } = modelArtifact.template as { readonly Resources: object };

    expect(Object.keys(resources).length).toBeGreaterThan(50);
    expect(Object.keys(resources).length).toBeLessThanOrEqual(MOST_RESOURCES);
    expect(Buffer.byteLength(JSON.stringify(modelArtifact.template, null, 1))).toBeLessThanOrEqual(
      MOST_BYTES,
    );
  });
});
