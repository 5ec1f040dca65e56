/** One inference that an asynchronous endpoint makes: that of the variant which answers the request, or of a shadow. */
export interface InvocationId {
  /** What the request's objects are named after: the id of its first prediction, or the name of a verification. */
  readonly requestName: string;
  /** @default - the variant that answers */
  readonly shadow?: string | undefined;
}

/** In neither a ULID nor the name of a variant. */
const SEPARATOR = '/';

/** Begins the names of what verifications ask, and is the folder of its objects: no ULID begins so. */
const VERIFICATION = `verification${SEPARATOR}`;

/** The name of an inference of a verification, whose question is called by a UUID: 49 characters. */
export function verificationName(name: string): string {
  return `${VERIFICATION}${name}`;
}

/** Whether an inference is a verification's: it is nobody's prediction. */
export function isVerification({ requestName }: InvocationId): boolean {
  return requestName.startsWith(VERIFICATION);
}

/**
 * The id that SageMaker sends back with the outcome, an answer or a failure: it alone tells whose outcome that is. A ULID
 * and the longest name of a variant make 47 characters (SageMaker Runtime API reference, InvokeEndpointAsync,
 * `InferenceId`: 1 to 64, printable).
 */
export function formatInvocationId({ requestName, shadow }: InvocationId): string {
  return shadow === undefined ? requestName : `${requestName}${SEPARATOR}${shadow}`;
}

/** What {@link formatInvocationId} made the text of. */
export function parseInvocationId(text: string): InvocationId {
  if (isVerification({ requestName: text })) return { requestName: text, shadow: undefined };
  const [requestName = '', shadow] = text.split(SEPARATOR);
  return { requestName, shadow };
}
