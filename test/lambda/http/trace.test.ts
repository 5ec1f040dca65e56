import { describe, expect, it } from 'vitest';
import { traceOf } from '../../../lambda/http/trace.ts';

describe('traceOf', () => {
  const traceparent = '00-65f0c0de0123456789abcdef01234567-00f067aa0ba902b7-01';

  it("keeps AWS's trace and the caller's apart", () => {
    expect(traceOf({ Traceparent: traceparent, 'X-Amzn-Trace-Id': 'Root=1-a-b' })).toEqual({
      traceId: 'Root=1-a-b',
      traceparent,
    });
  });

  it('takes no malformed traceparent', () => {
    expect(traceOf({ traceparent: '00-xyz', 'x-amzn-trace-id': 'Root=1-a-b' })).toEqual({
      traceId: 'Root=1-a-b',
      traceparent: undefined,
    });
  });
});
