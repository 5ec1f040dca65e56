import { InferenceError } from '../oip/error.ts';

/**
 * What a caller tells the container besides the body. SageMaker passes one header for it,
 * `X-Amzn-SageMaker-Custom-Attributes`: here `deadline=…;requestId=…;traceId=…;traceparent=…`, in any order, others
 * ignored.
 */
export interface CustomAttributes {
  /** Milliseconds since the epoch after which nobody waits for the answer. */
  readonly deadline?: number;
  readonly requestId?: string;
  /** AWS's trace. */
  readonly traceId?: string;
  /** The caller's own trace. */
  readonly traceparent?: string;
}

/** A W3C `traceparent`: version-traceid-parentid-flags. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Reads the custom attributes of a request.
 *
 * @throws InferenceError 400 if the deadline is no time: ignoring it would run work that nobody waits for
 */
export function parseCustomAttributes(header: string | undefined): CustomAttributes {
  const attributes = new Map(
    (header ?? '').split(';').map((attribute) => {
      const [name = '', ...value] = attribute.split('=');
      return [name.trim(), value.join('=').trim()];
    }),
  );
  const deadline = parseDeadline(attributes.get('deadline'));
  const requestId = attributes.get('requestId');
  const traceId = attributes.get('traceId');
  const traceparent = TRACEPARENT.exec(attributes.get('traceparent') ?? '')?.[0];
  return {
    ...(deadline !== undefined && { deadline }),
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function parseDeadline(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new InferenceError(400, 'the custom attribute "deadline" is not in milliseconds since the epoch');
  }
  return Number(text);
}
