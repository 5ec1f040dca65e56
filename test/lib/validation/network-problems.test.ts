import { describe, expect, it } from 'vitest';
import { settingsFor } from '../../../contract/deployment/deployment.ts';
import type { PrivateNetwork } from '../../../lib/environment.ts';
import { checkDeployments } from '../../../lib/validation/deployment-problems.ts';
import { networkProblems, outsideProblems } from '../../../lib/validation/network-problems.ts';
import { PRIVATE, WITH_DATADOG } from '../support/environments.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  CALLBACKS,
  computedModel,
  deploymentOf,
  JWT,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';

const problemsOf = (changed: Partial<PrivateNetwork>) =>
  networkProblems({ ...PRIVATE, network: { ...PRIVATE.network, ...changed } });

describe('a network of an environment', () => {
  it('has no problems where AWS would make it, and there are none without one', () => {
    expect(networkProblems(PRIVATE)).toEqual([]);
    expect(networkProblems(WITH_DATADOG)).toEqual([]);
  });

  it('has a block of private addresses, neither too large nor too small', () => {
    expect(problemsOf({ cidr: '10.20.1.0/20' })).toEqual([
      'network.cidr is 10.20.1.0/20, which is no block of addresses. Use its first address and a prefix length, such as 10.20.0.0/20.',
    ]);
    expect(problemsOf({ cidr: '8.8.0.0/16' })).toEqual([
      'network.cidr is 8.8.0.0/16, which others on the internet have. Use a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.',
    ]);
    expect(problemsOf({ cidr: '10.0.0.0/25' })).toEqual([
      'network.cidr is 10.0.0.0/25, and a network has between /16 and /24. Use another prefix length.',
    ]);
    expect(problemsOf({ cidr: '10.0.0.0/15' })).toEqual([
      'network.cidr is 10.0.0.0/15, and a network has between /16 and /24. Use another prefix length.',
    ]);
  });

  it.each([[['eu-west-1a']], [['eu-west-1a', 'eu-west-1a']], [['eu-west-1a', 'eu-west-1b', 'eu-west-1a']]])(
    'has two different zones, not %j',
    (availabilityZones) => {
      expect(problemsOf({ availabilityZones })).toEqual([
        `network.availabilityZones is [${availabilityZones.join(', ')}], and SageMaker asks for 2 different zones at least. Name each zone once.`,
      ]);
    },
  );

  it("has zones of the environment's region", () => {
    expect(problemsOf({ availabilityZones: ['eu-west-1a', 'us-east-1b'] })).toEqual([
      "network.availabilityZones has us-east-1b, and the environment's region is eu-west-1. Use zones of that region, such as eu-west-1a.",
    ]);
    expect(networkProblems({ network: PRIVATE.network })).toEqual([
      'network names zones, and the environment no region that they could belong to. Set region to it.',
    ]);
  });

  it('names the lists of where S3 and DynamoDB are', () => {
    expect(
      problemsOf({ prefixLists: { s3: 'com.amazonaws.eu-west-1.s3', dynamodb: 'pl-4e5f6a7b' } }),
    ).toEqual([
      'network.prefixLists.s3 is "com.amazonaws.eu-west-1.s3", which is no id of a prefix list. Take the one that aws ec2 describe-managed-prefix-lists shows for s3.',
    ]);
  });

  it('goes without Datadog, whose extension needs the internet', () => {
    expect(networkProblems({ ...WITH_DATADOG, ...PRIVATE })).toEqual([
      'datadog is set, and its extension reaches datadoghq.eu over the internet, to which the network has no way. Leave datadog or network out of the environment.',
    ]);
  });
});

describe('a model in an environment with a network', () => {
  const outside = (deployment: ReturnType<typeof deploymentOf>) =>
    outsideProblems(settingsFor(deployment, 'prod'), PRIVATE);

  it.each([{ mode: 'lambda' } as const, REALTIME, ASYNCHRONOUS])('may be hosted by $mode', (hosting) => {
    expect(outside(deploymentOf(hosting))).toEqual([]);
  });

  it('may not be hosted where its container has a way to the internet', () => {
    expect(outside(deploymentOf(SERVERLESS))).toEqual([
      `hosting "serverless" runs its container in no VPC, with a way to the internet, and the environment has a network without one. Use { mode: 'realtime', … } or { mode: 'lambda' }, or leave network out of the environment.`,
    ]);
    expect(outsideProblems(settingsFor(deploymentOf(SERVERLESS), 'prod'), {})).toEqual([]);
  });

  it('may not call back over the internet', () => {
    expect(outside(deploymentOf({ ...ASYNCHRONOUS, callbacks: CALLBACKS }))).toEqual([
      'hosting.callbacks calls hooks.example.com, events.example.org over the internet, to which the network has no way. Leave callbacks out, so that callers poll, or network out of the environment.',
    ]);
  });

  it('may not take tokens, whose keys are fetched over the internet', () => {
    expect(outside(deploymentOf({ mode: 'lambda' }, { access: JWT }))).toEqual([
      `access "jwt" fetches keys from https://login.example/keys over the internet, to which the network has no way. Use { kind: 'iam', … } or { kind: 'api-key', … }, or leave network out of the environment.`,
    ]);
  });

  it("is reported together with the network's own problems, each under its stack", () => {
    const deployment = deploymentOf(SERVERLESS);
    const computed = deploymentOf({ mode: 'lambda' });
    const check = () =>
      checkDeployments(
        [
          {
            model: artifactModel,
            deployment,
            settings: settingsFor(deployment, 'prod'),
            artifactExists: true,
          },
          {
            model: { ...computedModel, name: 'network' },
            deployment: computed,
            settings: settingsFor(computed, 'prod'),
            artifactExists: true,
          },
        ],
        {
          ...PRIVATE,
          network: { ...PRIVATE.network, cidr: 'none' },
          environment: 'prod',
          environments: ['prod'],
        },
      );

    expect(check).toThrow(
      expect.objectContaining({
        problems: [
          expect.stringMatching(
            /^furrow-prod-learned-yield: hosting "serverless" runs its container in no VPC/,
          ),
          'furrow-prod-network: the name "network" is taken by the stack of the network. Use another name for the model.',
          expect.stringMatching(
            /^furrow-prod-network: network\.cidr is none, which is no block of addresses/,
          ),
        ],
      }),
    );
  });
});
