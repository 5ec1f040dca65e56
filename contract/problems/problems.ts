import { IMAGE_FAULT_CODES } from '../images/image-fault.ts';
import { UNIT_ERROR_CODES } from '../units/unit-syntax.ts';

/**
 * Every problem the API can answer with, after RFC 9457. The codes are a closed set: clients may switch on them, and the
 * gateway's own answers, the handlers and the OpenAPI document are all made from this table.
 */
export const PROBLEMS = {
  'missing-body': { status: 400, title: 'The request has no body' },
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'The request does not have the expected form' },
  'invalid-callback': { status: 400, title: 'The callback URL is not taken' },
  'invalid-input': { status: 422, title: 'The request holds values that the model does not take' },
  'too-many-inputs': { status: 422, title: 'Too many inputs in one request' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'route-not-found': { status: 404, title: 'No such route' },
  'method-not-allowed': { status: 405, title: 'This route does not have that method' },
  'api-key-invalid': { status: 403, title: 'The API key is missing or not valid' },
  unauthorized: { status: 401, title: 'The caller is not known' },
  'access-denied': { status: 403, title: 'The caller is not allowed to do this' },
  'request-blocked': { status: 403, title: 'A firewall refused the request' },
  'rate-limit-exceeded': { status: 429, title: 'Too many requests' },
  'quota-exceeded': { status: 429, title: "The API key's quota is used up" },
  'prediction-not-found': { status: 404, title: 'No such prediction' },
  'feedback-exists': { status: 409, title: 'This prediction has feedback already' },
  'model-throttled': { status: 429, title: 'The model is at its capacity' },
  'model-error': { status: 502, title: 'The model failed' },
  'model-unavailable': { status: 503, title: 'The model is not available' },
  'model-starting': { status: 503, title: 'The model is being started' },
  'model-timeout': { status: 504, title: 'The model did not answer in time' },
  'store-unavailable': { status: 503, title: 'The prediction store is not available' },
  'bad-request': { status: 400, title: 'The request was refused' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'gateway-timeout': { status: 504, title: 'The request took too long' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** One offending place in a request. */
export interface ProblemItem {
  /** A JSON Pointer (RFC 6901) into the request, for example `/inputs/3/site`. */
  readonly path: string;
  /** What is wrong there, for example `unknown-unit`; see {@link ITEM_CODES}. */
  readonly code: ItemCode;
  /** What was received and what to send instead. */
  readonly detail: string;
}

/** The codes that `errors[].code` may have: a closed set as well. */
export const ITEM_CODES = [
  'missing-field',
  'unknown-field',
  'wrong-type',
  'not-finite',
  'out-of-bounds',
  'unknown-category',
  'invalid-format',
  'invalid-value',
  'conflicting-fields',
  ...UNIT_ERROR_CODES,
  ...IMAGE_FAULT_CODES,
] as const;

export type ItemCode = (typeof ITEM_CODES)[number];

/** The body of an error answer. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  /** The occurrence, as a URN of the request's id: the id that the logs carry too. */
  readonly instance: string;
  readonly errors: readonly ProblemItem[];
}

/** The stable identifier of a kind of problem. */
export function problemType(code: ProblemCode): string {
  return `urn:furrow:problem:${code}`;
}

/** The document for one occurrence. */
export function problemDocument(
  code: ProblemCode,
  detail: string,
  requestId: string,
  errors: readonly ProblemItem[] = [],
): ProblemDocument {
  const { status, title } = PROBLEMS[code];
  return { type: problemType(code), title, status, code, detail, instance: `urn:uuid:${requestId}`, errors };
}

/** A failure that has an answer for the client. Whatever else is thrown is hidden behind `internal-error`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: readonly ProblemItem[];
  /** For the `Retry-After` header, where trying again helps. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      readonly errors?: readonly ProblemItem[];
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
