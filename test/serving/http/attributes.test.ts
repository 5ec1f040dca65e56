import { describe, expect, it } from 'vitest';
import { parseCustomAttributes } from '../../../serving/http/attributes.ts';

describe('custom attributes', () => {
  it('carry the deadline, the request id and the trace id', () => {
    expect(parseCustomAttributes('requestId=r1;deadline=1700000000000;traceId=Root=1-2-3,Parent=4')).toEqual({
      requestId: 'r1',
      deadline: 1_700_000_000_000,
      traceId: 'Root=1-2-3,Parent=4',
    });
  });

  it("may carry the caller's traceparent", () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(parseCustomAttributes(`traceId=Root=1-2;traceparent=${traceparent}`)).toEqual({
      traceId: 'Root=1-2',
      traceparent,
    });
    expect(parseCustomAttributes('traceparent=nonsense')).toEqual({});
  });

  it('may be absent, or something else', () => {
    expect(parseCustomAttributes(undefined)).toEqual({});
    expect(parseCustomAttributes('free text; color=red')).toEqual({});
  });

  it.each(['soon', '-1', '1e3', ''])('with the deadline "%s" are refused', (deadline) => {
    expect(() => parseCustomAttributes(`deadline=${deadline}`)).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  });
});
