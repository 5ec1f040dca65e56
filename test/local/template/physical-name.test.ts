import { describe, expect, it } from 'vitest';
import { physicalName } from '../../../local/template/physical-name.ts';

describe('physicalName', () => {
  it('cuts the readable part and keeps the suffix', () => {
    const resource = { stack: 'A-Very-Long-Stack', logicalId: 'AndAResource' };
    const suffix = physicalName(resource).slice(-12);
    expect(physicalName(resource, 20)).toBe(`A-Very--${suffix}`);
  });
});
