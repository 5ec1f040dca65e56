import { velocityIn } from './context-template.ts';
import { readHeaderValue } from './gateway-responses.ts';
import { DEFAULT_TIMEOUT_MS, type Integration, type MockResponse } from './integration.ts';
import type { IntegrationProperties } from './properties.ts';

/** Reads a method's integration; what can't be served here says why. */
export function readIntegration(properties: IntegrationProperties | undefined): Integration {
  if (properties === undefined) return notEmulated('the method has no integration');
  switch (properties.Type) {
    case 'AWS_PROXY':
      return readLambda(properties);
    case 'MOCK':
      return readMock(properties);
    default:
      return notEmulated(`integrations of type ${properties.Type} are not emulated`);
  }
}

function notEmulated(reason: string): Integration {
  return { kind: 'not-emulated', reason };
}

function readLambda({ Uri, TimeoutInMillis }: IntegrationProperties): Integration {
  const functionArn = /:lambda:path\/[\d-]+\/functions\/(.+)\/invocations$/.exec(Uri ?? '')?.[1];
  if (functionArn === undefined) return notEmulated(`${Uri} is not the URI of a Lambda function`);
  return { kind: 'lambda', functionArn, timeoutMs: TimeoutInMillis ?? DEFAULT_TIMEOUT_MS };
}

function readMock({ RequestTemplates, IntegrationResponses }: IntegrationProperties): Integration {
  const template = RequestTemplates['application/json'] ?? Object.values(RequestTemplates)[0] ?? '';
  const templates = [
    template,
    ...IntegrationResponses.flatMap((one) => Object.values(one.ResponseTemplates)),
  ];
  const velocity = templates.map(velocityIn).find((found) => found !== undefined);
  if (velocity !== undefined)
    return notEmulated(`its mapping template uses ${velocity}; only $context variables are emulated`);
  // API Gateway also takes `{ statusCode: 200 }`, which is not JSON.
  const status = /^\s*\{\s*"?statusCode"?\s*:\s*"?(\d{3})"?\s*\}\s*$/.exec(template)?.[1];
  if (status === undefined)
    return notEmulated(`its request template is not of the form {"statusCode": 200}: ${template}`);
  const responses: MockResponse[] = [];
  for (const one of IntegrationResponses) {
    const headers: Record<string, string> = {};
    for (const [target, mapping] of Object.entries(one.ResponseParameters)) {
      const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
      const value = readHeaderValue(mapping);
      if (name === undefined || value === undefined)
        return notEmulated(`its response parameter ${target} = ${mapping} is not emulated`);
      headers[name] = value.kind === 'static' ? value.value : `$context.${value.variable}`;
    }
    responses.push({
      status: one.StatusCode,
      selectionPattern: one.SelectionPattern === '' ? undefined : one.SelectionPattern,
      headers,
      templates: one.ResponseTemplates,
    });
  }
  return { kind: 'mock', status: Number(status), responses };
}
