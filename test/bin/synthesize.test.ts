import { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import type { DiscoveredModel } from '../../bin/discover-models.ts';
import { ENVIRONMENTS } from '../../bin/environments.ts';
import { synthesize } from '../../bin/synthesize.ts';
import { artifactModel, computedModel, deploymentOf, SERVERLESS } from '../lib/support/models.ts';
import { temporaryFolder, writeFiles } from '../lib/support/project.ts';

describe('synthesizing models with variants', () => {
  it('reports every artifact and function that is named and not there, before anything is built', async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      'models/learned-yield/artifacts/model.onnx': '',
      'models/learned-yield/artifacts/ridge.onnx': '',
    });
    const learned: DiscoveredModel = {
      model: artifactModel,
      functions: new Map(),
      deployment: deploymentOf(SERVERLESS, {
        variants: {
          champion: { weight: 1 },
          challengers: [{ name: 'ridge', version: '2.1.0', weight: 1, artifact: 'ridge.onnx' }],
          shadows: [{ name: 'forest', version: '2.2.0', artifact: 'forest.onnx' }],
        },
      }),
    };
    const computed: DiscoveredModel = {
      model: computedModel,
      functions: new Map([['simplified', () => ({ yield: 1 })]]),
      deployment: deploymentOf(
        { mode: 'lambda' },
        {
          variants: {
            shadows: [
              { name: 'simple', version: '1.3.0', predict: 'simplified' },
              { name: 'rough', version: '1.4.0', predict: 'approximated' },
            ],
          },
        },
      ),
    };
    const synthesis = synthesize(new App({ outdir: temporaryFolder(), analyticsReporting: false }), {
      root,
      environment: ENVIRONMENTS.dev,
      models: [learned, computed],
    });

    await expect(synthesis).rejects.toMatchObject({
      name: 'DeploymentError',
      problems: [
        expect.stringContaining('models/learned-yield/artifacts/forest.onnx, of the variant "forest"'),
        expect.stringContaining(
          'model.ts exports no function "approximated", which the variant "rough" names',
        ),
      ],
    });
  });
});
