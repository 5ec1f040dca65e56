/** Quotes a text for a POSIX shell, whatever is in it. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What a model's API asks of its callers. */
export interface CallerNeeds {
  readonly apiKey?: string | undefined;
  readonly signingRegion?: string | undefined;
  readonly tokenIssuer?: string | undefined;
}

/** A command that asks a model for a prediction and can be pasted into a terminal. */
export function curlLine(
  url: string,
  { apiKey, signingRegion, tokenIssuer }: CallerNeeds,
  body: string,
): string {
  const key = apiKey === undefined ? [] : ['-H', shellQuote(`x-api-key: ${apiKey}`)];
  // Any credentials that are not a function's are a developer's, who may do everything.
  const signed =
    signingRegion === undefined
      ? []
      : ['--user', 'developer:local', '--aws-sigv4', shellQuote(`aws:amz:${signingRegion}:execute-api`)];
  // The shell puts the token in, which is nobody's to print.
  const token = tokenIssuer === undefined ? [] : ['-H', '"Authorization: Bearer $TOKEN"'];
  const type = ['-H', shellQuote('Content-Type: application/json')];
  return [
    'curl',
    '-s',
    ...key,
    ...signed,
    ...token,
    ...type,
    '-d',
    shellQuote(body),
    `${url}/predictions`,
  ].join(' ');
}
