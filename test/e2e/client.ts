/** What a client of one model's API needs. */
export interface ModelAddress {
  readonly name: string;
  readonly url: string;
  readonly apiKey: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's body is whatever the API sent; the assertions say what it must be.
  readonly body: any;
}

/** Sends a request as any HTTP client would. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** A client of one model. */
export function clientOf(model: ModelAddress) {
  const headers = { 'x-api-key': model.apiKey, 'content-type': 'application/json' };
  const post = (path: string, body: unknown) =>
    send(`${model.url}${path}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    get: (path: string) => send(`${model.url}${path}`, { headers }),
    post,
    predict: (body: unknown) => post('/predictions', body),
    send: (path: string, init: RequestInit) => send(`${model.url}${path}`, init),
    headers,
  };
}

export type ModelClient = ReturnType<typeof clientOf>;
