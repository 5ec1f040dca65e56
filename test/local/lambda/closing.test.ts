import { expect, test } from 'vitest';
import { LambdaApi } from '../../../local/lambda/api.ts';
import { FunctionsEnded } from '../../../local/lambda/errors.ts';
import { functionArn, inlineFunction, startFixture } from './fixture.ts';

test('functions that have ended refuse what is asked, and start no process again', async () => {
  const fixture = await startFixture((stack) => {
    inlineFunction(stack, 'asked', 'return process.pid');
    inlineFunction(stack, 'unasked', 'return process.pid');
  });
  await fixture.lambda.invoke(functionArn('asked'), {});
  await fixture.close();

  for (const name of ['asked', 'unasked']) {
    await expect(fixture.lambda.invoke(functionArn(name), {})).rejects.toThrow(FunctionsEnded);
    await expect(fixture.localLambda.warm(functionArn(name))).rejects.toThrow(FunctionsEnded);
  }
  expect(fixture.localLambda.processes()).toEqual([]);
});

test('whoever asks the API for a function that has ended is told, and nobody else', async () => {
  const fixture = await startFixture((stack) => {
    inlineFunction(stack, 'ended', 'return process.pid');
  });
  await fixture.close();
  const api = new LambdaApi(fixture.localLambda, fixture.cloud.clock, fixture.cloud.log);
  const answer = await api.handle({
    method: 'POST',
    path: '/2015-03-31/functions/ended/invocations',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from('{}'),
    service: 'lambda',
    principal: { kind: 'developer' },
    requestId: 'one',
    signal: new AbortController().signal,
  });

  expect([answer.status, JSON.parse(String(answer.body))]).toEqual([
    500,
    { Type: 'Service', message: new FunctionsEnded().message },
  ]);
  expect(fixture.messages).toEqual([]);
});
