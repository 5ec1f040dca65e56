import { describe, expect, it } from 'vitest';
import {
  formatInvocationId,
  isVerification,
  parseInvocationId,
  verificationName,
} from '../../../lambda/asynchronous/invocation-id.ts';

const ULID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
const UUID = '0d4a6c3e-8a51-4f0e-9d57-0c6f4b3f7a11';

describe('the id of an invocation', () => {
  it.each([
    { requestName: ULID, shadow: undefined },
    { requestName: ULID, shadow: 'forest-2' },
  ])('tells whose outcome comes back: %o', (id) => {
    expect(parseInvocationId(formatInvocationId(id))).toEqual(id);
    expect(isVerification(id)).toBe(false);
  });

  it('tells a verification from whatever callers ask', () => {
    const id = { requestName: verificationName(UUID), shadow: undefined };

    expect(parseInvocationId(formatInvocationId(id))).toEqual(id);
    expect(isVerification(id)).toBe(true);
  });

  it('is no longer than SageMaker takes, with the longest name of a variant', () => {
    expect(formatInvocationId({ requestName: ULID, shadow: 'x'.repeat(20) }).length).toBeLessThanOrEqual(64);
    expect(verificationName(UUID).length).toBeLessThanOrEqual(64);
  });
});
