import { describe, expect, it } from 'vitest';
import { formatInvocationId, parseInvocationId } from '../../lambda/asynchronous/invocation-id.ts';

const ULID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

describe('the id of an invocation', () => {
  it.each([
    { requestName: ULID, shadow: undefined },
    { requestName: ULID, shadow: 'forest-2' },
  ])('tells whose outcome comes back: %o', (id) => {
    expect(parseInvocationId(formatInvocationId(id))).toEqual(id);
  });

  it('is no longer than SageMaker takes, with the longest name of a variant', () => {
    expect(formatInvocationId({ requestName: ULID, shadow: 'x'.repeat(20) }).length).toBeLessThanOrEqual(64);
  });
});
