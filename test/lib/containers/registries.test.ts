import { Fact, FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import { describe, expect, it } from 'vitest';
import {
  ALGORITHM_REGISTRY,
  deepLearningRegistry,
  tritonRegistry,
} from '../../../lib/containers/registries.ts';

const ALL = {
  'the registry of the algorithms': ALGORITHM_REGISTRY,
  'the registry of the Deep Learning Containers': deepLearningRegistry(),
  'the registry of Triton': tritonRegistry(),
};

describe.each(Object.entries(ALL))('%s', (_, registry) => {
  it('has an account for regions that exist', () => {
    const regions = new Set(RegionInfo.regions.map(({ name }) => name));
    const entries = Object.entries(registry);

    expect(entries.length).toBeGreaterThan(25);
    expect(entries.filter(([region]) => !regions.has(region))).toEqual([]);
    expect(entries.filter(([, account]) => !/^\d{12}$/.test(account))).toEqual([]);
  });
});

describe('the registry of the Deep Learning Containers', () => {
  it("is the CDK's where the CDK has a fact", () => {
    for (const { name } of RegionInfo.regions) {
      const fact = Fact.find(name, FactName.DLC_REPOSITORY_ACCOUNT);
      if (fact !== undefined) expect([name, deepLearningRegistry()[name]]).toEqual([name, fact]);
    }
  });

  it('has regions for which the CDK has none', () => {
    expect(Fact.find('il-central-1', FactName.DLC_REPOSITORY_ACCOUNT)).toBeUndefined();
    expect(deepLearningRegistry()['il-central-1']).toBe('780543022126');
  });

  it('has no Triton in China or for the government', () => {
    expect(Object.keys(deepLearningRegistry())).toContain('cn-north-1');
    expect(Object.keys(tritonRegistry()).filter((region) => /^(cn|us-gov)-/.test(region))).toEqual([]);
    expect(tritonRegistry()['eu-west-1']).toBe('763104351884');
  });
});
