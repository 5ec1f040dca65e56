import { describe, expect, it } from 'vitest';
import { type Deployment, settingsFor } from '../../../contract/deployment/deployment.ts';
import type { Model } from '../../../contract/model/model.ts';
import { checkDeployments, DeploymentError } from '../../../lib/validation/deployment-problems.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';

const CONTEXT = { environment: 'dev', environments: ['dev', 'prod'] };

function problemsOf(model: Model, deployment: Deployment, artifactExists = true): readonly string[] {
  return problemsOfAll([{ model, deployment, settings: settingsFor(deployment, 'dev'), artifactExists }]);
}

function problemsOfAll(
  checked: Parameters<typeof checkDeployments>[0],
  context = CONTEXT,
): readonly string[] {
  try {
    checkDeployments(checked, context);
    return [];
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return error.problems;
  }
}

describe('a deployment that can be deployed', () => {
  it.each([
    ['pure mathematics in the function', computedModel, { mode: 'lambda' }],
    ['an artifact in the function', artifactModel, { mode: 'lambda' }],
    ['an artifact on serverless', artifactModel, SERVERLESS],
    ['an artifact on instances', artifactModel, REALTIME],
  ] as const)('has no problems: %s', (_, model, hosting) => {
    expect(problemsOf(model, deploymentOf(hosting))).toEqual([]);
  });
});

describe('a deployment that can not be deployed', () => {
  it('hosts an artifact in a function that is too small for it', () => {
    const deployment = deploymentOf({ mode: 'lambda', memoryMb: 512 });
    const settings = settingsFor(deployment, 'dev');
    const artifactBytes = 100 * 1024 * 1024;

    expect(
      problemsOfAll([{ model: artifactModel, deployment, settings, artifactExists: true, artifactBytes }]),
    ).toEqual([
      'furrow-dev-learned-yield: hosting.memoryMb is 512, and loading model.onnx of 100 MB into a function takes 756 MB. Declare at least 756.',
    ]);
  });

  it('hosts pure mathematics on an endpoint', () => {
    expect(problemsOf(computedModel, deploymentOf(SERVERLESS))).toEqual([
      `furrow-dev-doubled-yield: the model is pure mathematics, and hosting "serverless" serves artifacts. Use { mode: 'lambda' }.`,
    ]);
  });

  it('promises a latency that API Gateway can not wait for', () => {
    const slow = deploymentOf({ mode: 'lambda' }, { objectives: { latencyP95Ms: 29_000 } });

    expect(problemsOf(computedModel, slow)).toEqual([
      expect.stringMatching(
        /^furrow-dev-doubled-yield: objectives\.latencyP95Ms is 29000, and API Gateway gives up after 29000 ms\./,
      ),
    ]);
  });

  it('has no artifact yet', () => {
    expect(problemsOf(artifactModel, deploymentOf(SERVERLESS), false)).toEqual([
      'furrow-dev-learned-yield: models/learned-yield/artifacts/model.onnx does not exist. Make it with: npm run train -- learned-yield',
    ]);
  });

  it('has settings for an environment that does not exist', () => {
    const mistyped = deploymentOf({ mode: 'lambda' }, { environments: { production: {} } });

    expect(problemsOf(computedModel, mistyped)).toEqual([
      'furrow-dev-doubled-yield: deployment.ts has settings for the environment "production", which does not exist. Use one of: dev, prod.',
    ]);
  });

  it.each([
    ['realtime', REALTIME],
    ['asynchronous', ASYNCHRONOUS],
  ])('watches a %s rollout for longer than SageMaker does', (_, hosting) => {
    const patient = deploymentOf(hosting, { rollout: { strategy: 'all-at-once', bakeMinutes: 61 } });

    expect(problemsOf(artifactModel, patient)).toEqual([
      'furrow-dev-learned-yield: rollout.bakeMinutes is 61, and SageMaker waits for at most 60 minutes. Declare less.',
    ]);
  });

  it('has a model that fails on its own example', () => {
    const failing = {
      ...computedModel,
      predict: () => {
        throw new Error('oops');
      },
    };

    expect(problemsOf(failing, deploymentOf({ mode: 'lambda' }))).toEqual([
      'furrow-dev-doubled-yield: predict fails on its example: oops',
    ]);
  });

  it('has instances that could never start', () => {
    const access = { kind: 'api-key', requestsPerSecond: 140, burst: 140 } as const;

    expect(problemsOf(artifactModel, deploymentOf(REALTIME, { access }))).toEqual([
      'furrow-dev-learned-yield: hosting.instances.max is 6, but access.requestsPerSecond lets in 140 requests a second, and 2 instances are planned for 140: a further one would never start. Raise access.requestsPerSecond, or set max to 2.',
    ]);
  });

  it("takes the shared stack's name", () => {
    const model = { ...computedModel, name: 'shared' };

    expect(problemsOf(model, deploymentOf({ mode: 'lambda' }))).toEqual([
      'furrow-dev-shared: the name "shared" is taken by the stack of what models share. Use another name for the model.',
    ]);
  });

  it('would shift predictions for longer than CodeDeploy does', () => {
    const rollout = { strategy: 'linear', percent: 10, bakeMinutes: 400 } as const;

    expect(problemsOf(computedModel, deploymentOf({ mode: 'lambda' }, { rollout }))).toEqual([
      'furrow-dev-doubled-yield: rollout "linear" would shift predictions for 3600 minutes, and CodeDeploy takes at most 2880 for a function. Declare larger steps or a shorter rollout.bakeMinutes.',
    ]);
  });

  it('is held to golden predictions that can not be read', () => {
    const deployment = deploymentOf(SERVERLESS);

    expect(
      problemsOfAll([
        {
          model: artifactModel,
          deployment,
          settings: settingsFor(deployment, 'dev'),
          artifactExists: true,
          goldenProblems: ['/cases/0/output: names nothing to compare.'],
        },
      ]),
    ).toEqual([
      'furrow-dev-learned-yield: models/learned-yield/artifacts/reference.json: /cases/0/output: names nothing to compare. Correct it: a deployment is held to these golden predictions.',
    ]);
  });

  it('lets in more than an account may take', () => {
    const open = deploymentOf(
      { mode: 'lambda' },
      { access: { kind: 'api-key', requestsPerSecond: 20_000, burst: 6000 } },
    );

    expect(problemsOf(computedModel, open)).toEqual([
      expect.stringContaining('access.requestsPerSecond is 20000, and an account gets 10000'),
      expect.stringContaining('access.burst is 6000, and an account gets 5000'),
    ]);
  });

  it('would have an endpoint whose name SageMaker does not take', () => {
    const deployment = deploymentOf(SERVERLESS);
    const environment = 'a-long-environment-with-a-long-name-indeed';

    expect(
      problemsOfAll(
        [
          {
            model: artifactModel,
            deployment,
            settings: settingsFor(deployment, environment),
            artifactExists: true,
          },
        ],
        { environment, environments: [environment] },
      ),
    ).toEqual([expect.stringContaining('which has 83 characters of at most 63')]);
  });
});

describe('several deployments', () => {
  it('are reported with all their problems at once', () => {
    const lambda = deploymentOf({ mode: 'lambda', memoryMb: 128 });
    const serverless = deploymentOf(SERVERLESS, { objectives: { latencyP95Ms: 60_000 } });

    const problems = problemsOfAll([
      {
        model: artifactModel,
        deployment: lambda,
        settings: settingsFor(lambda, 'dev'),
        artifactExists: false,
      },
      {
        model: computedModel,
        deployment: serverless,
        settings: settingsFor(serverless, 'dev'),
        artifactExists: true,
      },
    ]);

    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'furrow-dev-learned-yield',
      'furrow-dev-learned-yield',
      'furrow-dev-doubled-yield',
      'furrow-dev-doubled-yield',
    ]);
  });
});
