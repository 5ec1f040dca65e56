/** An answer to a client. */
export interface Reply {
  readonly status: number;
  /** In order; a name may occur more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** An answer in API Gateway's own plain form. */
export function messageReply(status: number, message: string): Reply {
  return {
    status,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message }), 'utf8'),
  };
}

/** The value of a header, whatever its case; the first where there are several. */
export function headerOf(reply: Reply, name: string): string | undefined {
  return reply.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
}
