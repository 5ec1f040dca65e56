import { describe, expect, it } from 'vitest';
import { copyVcpus, hasInstanceStorage, vcpus } from '../../../lib/hosting/instance-families.ts';

describe('an instance type', () => {
  it.each(['ml.m5d.large', 'ml.c6id.xlarge', 'ml.g4dn.xlarge', 'ml.g5.2xlarge', 'ml.p4de.24xlarge'])(
    '%s has disks of its own',
    (instanceType) => {
      expect(hasInstanceStorage(instanceType)).toBe(true);
    },
  );

  it.each(['ml.m5.large', 'ml.c6i.large', 'ml.c7g.large', 'ml.p3.2xlarge', 'ml.inf2.xlarge', 'ml.t2.medium'])(
    '%s has none',
    (instanceType) => {
      expect(hasInstanceStorage(instanceType)).toBe(false);
    },
  );

  it.each([
    ['ml.c6i.large', 2],
    ['ml.m5.xlarge', 4],
    ['ml.g5.2xlarge', 8],
    ['ml.p4d.24xlarge', 96],
    ['ml.c6i.metal', undefined],
    ['ml.t2.medium', undefined],
  ])('%s has its virtual processors by its size: %j', (instanceType, count) => {
    expect(vcpus(instanceType)).toBe(count);
  });

  it.each(['ml.c6i.large', 'ml.m5.xlarge', 'ml.p4d.24xlarge'])(
    '%s has room for one copy of a model',
    (type) => {
      const all = vcpus(type) ?? 0;

      expect(copyVcpus(type)).toBeGreaterThan(all / 2);
      expect(copyVcpus(type)).toBeLessThan(all);
    },
  );

  it('of an unknown size has room for nobody knows what', () => {
    expect(() => copyVcpus('ml.c6i.metal')).toThrow('nobody knows how many processors ml.c6i.metal has');
  });
});
