import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { traceOf } from '../../../lambda/http/trace.ts';

let written: string[];

beforeEach(() => {
  written = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => void written.push(String(line)));
  }
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
});

afterEach(() => vi.restoreAllMocks());

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
