import { describe, expect, it } from 'vitest';
import {
  type DeploymentOptions,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';
import { accountCapacityProblems, capacityProblems } from '../../../lib/validation/capacity-problems.ts';
import { rolloutProblems } from '../../../lib/validation/rollout-problems.ts';
import { REALTIME, SERVERLESS } from '../support/models.ts';

const settingsOf = (hosting: DeploymentOptions['hosting'], rollout?: DeploymentOptions['rollout']) =>
  settingsFor(defineDeployment({ hosting, objectives: { latencyP95Ms: 300 }, rollout }), 'dev');
const hostingOf = (hosting: DeploymentOptions['hosting']) => settingsOf(hosting).hosting;
const problemsOf = (hosting: DeploymentOptions['hosting']) => capacityProblems(hostingOf(hosting));

describe('capacity that AWS takes', () => {
  it.each<DeploymentOptions['hosting']>([
    { mode: 'lambda', reservedConcurrency: 900, provisionedConcurrency: { min: 1, max: 900 } },
    { ...SERVERLESS, provisionedConcurrency: { min: 1, max: 7 } },
    { ...REALTIME, instanceType: 'ml.g5.xlarge', surge: {} },
    { ...REALTIME, instanceType: 'ml.p4d.24xlarge' },
    { ...REALTIME, volumeGb: 512 },
    {
      ...REALTIME,
      instances: { min: 2, max: 2 },
      surge: {},
      schedules: [{ name: 'day', cron: '0 7 * * ? *', min: 2, max: 4 }],
    },
  ])('has no problems: $mode', (hosting) => {
    expect(problemsOf(hosting)).toEqual([]);
  });
});

describe('capacity that AWS refuses', () => {
  it('provisions more than is reserved, and reserves more than an account has', () => {
    expect(
      problemsOf({ mode: 'lambda', reservedConcurrency: 10, provisionedConcurrency: { min: 1, max: 11 } }),
    ).toEqual([
      'hosting.provisionedConcurrency.max is 11, and the function can have 10 by its hosting.reservedConcurrency. Provision less, or reserve more.',
    ]);
    expect(problemsOf({ mode: 'lambda', provisionedConcurrency: { min: 1, max: 901 } })).toEqual([
      'hosting.provisionedConcurrency.max is 901, and the function can have 900. Provision less.',
    ]);
    expect(problemsOf({ mode: 'lambda', reservedConcurrency: 901 })).toEqual([
      'hosting.reservedConcurrency is 901, and an account can reserve 900 in a region. Declare less, or have the quota raised and change it in contract/limits/aws-limits.ts.',
    ]);
  });

  it('reserves more than an account has in several models together', () => {
    const hostings = [500, 401].map((reservedConcurrency) =>
      hostingOf({ mode: 'lambda', reservedConcurrency }),
    );

    expect(accountCapacityProblems(hostings)).toEqual([
      'all models: hosting.reservedConcurrency comes to 901, and an account can reserve 900 in a region. Reserve less, or have the quota raised and change it in contract/limits/aws-limits.ts.',
    ]);
    expect(accountCapacityProblems(hostings.slice(0, 1))).toEqual([]);
  });

  it('provisions more than the endpoint may serve at once', () => {
    expect(problemsOf({ ...SERVERLESS, provisionedConcurrency: { min: 1, max: 8 } })).toEqual([
      'hosting.provisionedConcurrency.max is 8, and hosting.maxConcurrency is 7: SageMaker provisions a part of it. Provision less, or raise maxConcurrency.',
    ]);
  });

  it.each(['ml.c7g.large', 'ml.m6gd.xlarge', 'ml.g5g.xlarge'])(
    'runs an x86 image on Graviton: %s',
    (instanceType) => {
      expect(problemsOf({ ...REALTIME, instanceType })).toEqual([
        `hosting.instanceType is ${instanceType}, whose processor is Graviton, and the model server's image is built for x86-64. Use a type such as ml.c6i.large or ml.m5.large.`,
      ]);
    },
  );

  it('scales burstable instances', () => {
    expect(problemsOf({ ...REALTIME, instanceType: 'ml.t2.medium' })).toEqual([
      'hosting.instanceType is ml.t2.medium, and SageMaker does not scale burstable instances. Use a type such as ml.m5.large.',
    ]);
  });

  it.each([
    'ml.g4dn.xlarge',
    'ml.g5.2xlarge',
    'ml.p3dn.24xlarge',
    'ml.p5.48xlarge',
    'ml.c6id.large',
    'ml.trn1.2xlarge',
  ])('sizes the storage of instances that bring their own: %s', (instanceType) => {
    expect(problemsOf({ ...REALTIME, instanceType, volumeGb: 100 })).toEqual([
      `hosting.volumeGb is 100, and ${instanceType} has storage of its own, for which SageMaker takes no size. Leave volumeGb out.`,
    ]);
  });

  it.each(['ml.p3.2xlarge', 'ml.inf2.xlarge', 'ml.m5.large'])('sizes that of others: %s', (instanceType) => {
    expect(problemsOf({ ...REALTIME, instanceType, volumeGb: 100 })).toEqual([]);
  });

  it('has no room for a surge', () => {
    expect(problemsOf({ ...REALTIME, instances: { min: 2, max: 2 }, surge: {} })).toEqual([
      'hosting.surge adds instances, and hosting.instances.max leaves no room for any. Raise max, or leave surge out.',
    ]);
  });
});

describe('a rollout that SageMaker refuses', () => {
  const one = { ...REALTIME, instances: { min: 1, max: 4 } };

  it.each(['canary', 'linear', 'rolling'] as const)('starts with a part of one instance: %s', (strategy) => {
    const problem = `rollout "${strategy}" starts with a part of the instances, at most half of them, and there may be only 1. Declare a least of 2 instances, or rollout: { strategy: 'all-at-once' }.`;

    expect(rolloutProblems(settingsOf(one, { strategy }))).toEqual([problem]);
    expect(rolloutProblems(settingsOf(REALTIME, { strategy }))).toEqual([]);
    const atNight = { ...REALTIME, schedules: [{ name: 'night', cron: '0 20 * * ? *', min: 1, max: 2 }] };
    expect(rolloutProblems(settingsOf(atNight, { strategy }))).toEqual([problem]);
  });

  it('may be all at once on one instance', () => {
    expect(rolloutProblems(settingsOf(one, { strategy: 'all-at-once' }))).toEqual([]);
  });

  it('takes longer than a deployment may', () => {
    expect(
      rolloutProblems(settingsOf(REALTIME, { strategy: 'linear', percent: 10, bakeMinutes: 60 })),
    ).toEqual([
      'rollout "linear" would take up to 660 minutes with its bakes and an hour for starting instances, and SageMaker gives a deployment at most 480. Declare larger steps or a shorter rollout.bakeMinutes.',
    ]);
  });

  it('is no matter where there are no instances', () => {
    expect(
      rolloutProblems(settingsOf(SERVERLESS, { strategy: 'linear', percent: 10, bakeMinutes: 61 })),
    ).toEqual([]);
  });
});
