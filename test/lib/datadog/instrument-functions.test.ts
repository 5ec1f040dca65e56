import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../../lib/features/functions.ts';
import { WITH_DATADOG } from '../support/environments.ts';
import { computedModel, deploymentOf } from '../support/models.ts';
import { flat, functionNamed, roleOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

describe('functions instrumented for Datadog', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), WITH_DATADOG);
  });
  const variables = (name: string) =>
    (functionNamed(stack.model, name).Properties.Environment as { Variables: Record<string, unknown> })
      .Variables;

  it.each(FUNCTION_NAMES)(
    '%s has the library and the extension, in the releases of the environment',
    (name) => {
      const layers = functionNamed(stack.model, name).Properties.Layers as readonly unknown[];

      expect(layers.map((layer) => flat(layer).replace(/^.*:layer:/, '')).sort()).toEqual([
        'Datadog-Extension-ARM:92',
        'Datadog-Node24-x:133',
      ]);
    },
  );

  it.each(FUNCTION_NAMES)('%s starts by way of the library, which then calls the handler', (name) => {
    expect(functionNamed(stack.model, name).Properties.Handler).toBe(
      '/opt/nodejs/node_modules/datadog-lambda-js/handler.handler',
    );
    expect(variables(name).DD_LAMBDA_HANDLER).toBe('index.handler');
  });

  it('read the API key from the secret: its value is in no variable', () => {
    expect(variables('predict')).toMatchObject({
      DD_API_KEY_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-AbCdEf',
      DD_SITE: 'datadoghq.eu',
      DD_SERVICE: 'doubled-yield',
      DD_ENV: 'dev',
    });
    expect(variables('predict')).not.toHaveProperty('DD_API_KEY');
    const readable = statementsOf(stack.model, roleOf(functionNamed(stack.model, 'predict')))
      .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
      .map(({ Resource }) => flat(Resource));
    expect(readable).toEqual(['arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-AbCdEf']);
  });

  it('do not send Datadog what clients send', () => {
    expect(variables('predict').DD_CAPTURE_LAMBDA_PAYLOAD).toBe('false');
  });
});
