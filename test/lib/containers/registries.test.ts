import { Fact, FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import { describe, expect, it } from 'vitest';
import {
  ALGORITHM_REGISTRY,
  DEEP_LEARNING_REGISTRY,
  TRITON_REGISTRY,
} from '../../../lib/containers/registries.ts';

const ALL = { ALGORITHM_REGISTRY, DEEP_LEARNING_REGISTRY, TRITON_REGISTRY };

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
      if (fact !== undefined) expect([name, DEEP_LEARNING_REGISTRY[name]]).toEqual([name, fact]);
    }
  });

  it('has regions for which the CDK has none', () => {
    expect(Fact.find('il-central-1', FactName.DLC_REPOSITORY_ACCOUNT)).toBeUndefined();
    expect(DEEP_LEARNING_REGISTRY['il-central-1']).toBe('780543022126');
  });

  it('has no Triton in China or for the government', () => {
    expect(Object.keys(DEEP_LEARNING_REGISTRY)).toContain('cn-north-1');
    expect(Object.keys(TRITON_REGISTRY).filter((region) => /^(cn|us-gov)-/.test(region))).toEqual([]);
    expect(TRITON_REGISTRY['eu-west-1']).toBe('763104351884');
  });
});
