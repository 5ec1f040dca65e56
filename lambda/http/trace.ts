import { headerOf } from './headers.ts';

/** A W3C `traceparent`: version, trace id, parent id and flags (W3C Trace Context, section 3.2). */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The traces that a request belongs to. */
export interface Trace {
  /** AWS's own, as an `X-Amzn-Trace-Id` value: the access log, X-Ray and the function's log have the same. */
  readonly traceId: string | undefined;
  /** The caller's, if it sent a well-formed one. */
  readonly traceparent: string | undefined;
}

/** Reads the headers of a request, whatever their case. */
export function traceOf(headers: Readonly<Record<string, string | undefined>>): Trace {
  const traceparent = headerOf({ headers }, 'traceparent');
  return {
    traceId: headerOf({ headers }, 'x-amzn-trace-id'),
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined,
  };
}
