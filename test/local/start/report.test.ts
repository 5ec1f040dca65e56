import { expect, test } from 'vitest';
import type { RunningCloud } from '../../../local/core/cloud.ts';
import { textReporter } from '../../../local/start/report.ts';
import type { RunningLocal } from '../../../local/start/start-local.ts';

const cloud = {
  notEmulated: [
    {
      type: 'AWS::Foo::Bar',
      paths: ['S/Bar', 'S/Baz'],
      reason: 'the local cloud does not emulate this type',
    },
  ],
  inert: [{ type: 'AWS::CloudWatch::Alarm', paths: ['S/Alarm'], reason: 'alarms are not evaluated' }],
} as unknown as RunningCloud;

function textOf(models: RunningLocal['models']): string {
  let text = '';
  const apigateway = {
    url: 'http://127.0.0.1:3000',
    keyValue: () => undefined,
    onRequest: () => () => undefined,
  };
  const local = {
    models,
    apigateway,
    frontDoorUrl: 'http://127.0.0.1:4000',
    dataDir: '/d',
    cloud,
    close: async () => undefined,
  };
  textReporter((part) => {
    text += part;
  }).ready(local);
  return text;
}

test('the text names models, what is not emulated and what has no effect', () => {
  const text = textOf([
    { name: 'oats', url: 'http://127.0.0.1:3000/oats', apiKey: undefined, exampleRequest: '{"input":{}}' },
  ]);

  expect(text).toContain('Furrow runs 1 model on this computer');
  expect(text).toContain('    API key  none needed');
  expect(text).toContain(
    `curl -s -H 'Content-Type: application/json' -d '{"input":{}}' http://127.0.0.1:3000/oats/predictions`,
  );
  expect(text).toContain('Not emulated:\n  AWS::Foo::Bar (2): the local cloud does not emulate this type\n');
  expect(text).toContain('Without effect here:\n  AWS::CloudWatch::Alarm (1): alarms are not evaluated\n');
});

test('an app without models says which outputs are missing', () => {
  expect(textOf([])).toContain('No stack of the app has the outputs ModelName and ApiUrl.');
});

test('a deployment that was given up is told with its reason, and what becomes of what ran', () => {
  let text = '';
  textReporter((part) => {
    text += part;
  }).rolledBack('Verification: 1 of 8 golden predictions are answered wrongly.');

  expect(text).toBe(
    'Rolled back: Verification: 1 of 8 golden predictions are answered wrongly.\nWhat ran before runs on.\n',
  );
});

test('a request is one line', () => {
  let line = '';
  textReporter((text) => {
    line = text;
  }).request({ requestId: 'r', stage: 's', method: 'GET', path: '/s/health', status: 200, latencyMs: 12 });

  expect(line).toBe('200  GET    /s/health  12 ms\n');
});
