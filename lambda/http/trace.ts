/** A W3C `traceparent`: version, 32 hex digits of trace id, 16 of parent id, flags (W3C Trace Context, section 3.2). */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * The trace that a request belongs to, as an `X-Amzn-Trace-Id` value: a caller's `traceparent` in X-Ray's spelling, or
 * the header that API Gateway passes on or makes.
 */
export function traceHeader(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = (wanted: string) =>
    Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const match = TRACEPARENT.exec(named('traceparent') ?? '');
  if (match !== null) {
    const [, time, unique, parent, flags = '00'] = match;
    return `Root=1-${time}-${unique};Parent=${parent};Sampled=${Number.parseInt(flags, 16) & 1}`;
  }
  return named('x-amzn-trace-id');
}
