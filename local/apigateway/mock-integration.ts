import { type ContextVariables, substitute } from './context-template.ts';
import { GatewayError } from './gateway-error.ts';
import type { MockIntegration } from './integration.ts';
import type { Reply } from './reply.ts';

/**
 * What a mock integration answers: the response whose selection pattern fits its status, else the default one.
 * @throws {GatewayError} API_CONFIGURATION_ERROR where there is neither
 */
export function answerMock(integration: MockIntegration, variables: ContextVariables): Reply {
  const { responses, status } = integration;
  const response =
    responses.find(
      ({ selectionPattern }) =>
        selectionPattern !== undefined && new RegExp(`^(?:${selectionPattern})$`).test(String(status)),
    ) ?? responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (response === undefined) {
    const reason = `Execution failed due to configuration error: No match for output mapping and no default endpoint mapping configured (status ${status})`;
    throw new GatewayError('API_CONFIGURATION_ERROR', { reason });
  }
  const [contentType, template] = Object.entries(response.templates)[0] ?? ['application/json', ''];
  const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [
    name,
    substitute(value, variables, ''),
  ]);
  // A mapped Content-Type takes the place of the template's own.
  const isMapped = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: response.status,
    headers: isMapped ? headers : [['Content-Type', contentType], ...headers],
    body: Buffer.from(substitute(template, variables, ''), 'utf8'),
  };
}
