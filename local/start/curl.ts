/** Quotes a text for a POSIX shell, whatever is in it. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command that asks a model for a prediction and can be pasted into a terminal. */
export function curlLine(url: string, apiKey: string | undefined, body: string): string {
  const key = apiKey === undefined ? [] : ['-H', shellQuote(`x-api-key: ${apiKey}`)];
  const type = ['-H', shellQuote('Content-Type: application/json')];
  return ['curl', '-s', ...key, ...type, '-d', shellQuote(body), `${url}/predictions`].join(' ');
}
