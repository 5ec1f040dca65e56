import { expect, test } from 'vitest';
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
