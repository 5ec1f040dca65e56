/** One inference that an asynchronous endpoint makes: that of the variant which answers the request, or of a shadow. */
export interface InvocationId {
  /** What the request's objects are named after: the id of its first prediction. */
  readonly requestName: string;
  /** @default - the variant that answers */
  readonly shadow?: string | undefined;
}

/** In neither a ULID nor the name of a variant. */
const SEPARATOR = '/';

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
  const [requestName = '', shadow] = text.split(SEPARATOR);
  return { requestName, shadow };
}
