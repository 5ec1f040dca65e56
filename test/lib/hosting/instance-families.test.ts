import { describe, expect, it } from 'vitest';
import { hasInstanceStorage } from '../../../lib/hosting/instance-families.ts';

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
});
