import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type CustomResourceAnswer,
  type CustomResourceHandler,
  customResource,
  deliveryWithin,
} from '../../../lambda/verification/custom-resource.ts';

const COMMON = {
  ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:verify',
  ResponseURL: 'https://answers.example/here',
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/barley/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Verification1',
  ResourceType: 'Custom::FurrowVerification',
  ResourceProperties: { ServiceToken: 'arn', FunctionArn: 'predict:2' },
};
const CREATE = { ...COMMON, RequestType: 'Create' } as const;
const context = (remainingMs = 60_000) => ({
  awsRequestId: 'invocation-1',
  getRemainingTimeInMillis: () => remainingMs,
});

type Event = Parameters<CustomResourceHandler>[0];

/** What CloudFormation is told when a check ends as given. */
async function answerTo(event: Event, check: Parameters<typeof customResource>[0], remainingMs?: number) {
  const answers: (CustomResourceAnswer & { readonly url: string })[] = [];
  const handler = customResource(check, async (url, answer) => void answers.push({ url, ...answer }));
  await handler(event, context(remainingMs));
  expect(answers).toHaveLength(1);
  return answers[0];
}

describe('a custom resource that checks something', () => {
  it('tells of success to the address of the event, under the names of the event', async () => {
    const checked: unknown[] = [];
    const answer = await answerTo(CREATE, async (properties) => void checked.push(properties));

    expect(checked).toEqual([COMMON.ResourceProperties]);
    expect(answer).toEqual({
      url: COMMON.ResponseURL,
      Status: 'SUCCESS',
      Reason: '',
      PhysicalResourceId: 'checked-Verification1',
      StackId: COMMON.StackId,
      RequestId: 'request-1',
      LogicalResourceId: 'Verification1',
    });
  });

  it('tells of a failure with its reason, cut to what CloudFormation takes', async () => {
    const fail = (reason: string) => async () => {
      throw new Error(reason);
    };

    expect(await answerTo(CREATE, fail('yield should be 2000 and is 4000'))).toMatchObject({
      Status: 'FAILED',
      Reason: 'yield should be 2000 and is 4000',
      PhysicalResourceId: 'checked-Verification1',
    });
    const { Reason = '' } = (await answerTo(CREATE, fail('é'.repeat(5000)))) ?? {};
    expect(Buffer.byteLength(Reason)).toBeLessThanOrEqual(2502);
  });

  it('keeps its name when it is updated, which checks again', async () => {
    const update = {
      ...COMMON,
      RequestType: 'Update',
      PhysicalResourceId: 'named-before',
      OldResourceProperties: {},
    } as unknown as Event;
    let checks = 0;

    expect(
      await answerTo(update, async () => {
        checks += 1;
      }),
    ).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'named-before',
    });
    expect(checks).toBe(1);
  });

  it('is deleted without a check, so that no rollback and no teardown can fail on it', async () => {
    const remove = {
      ...COMMON,
      RequestType: 'Delete',
      PhysicalResourceId: 'named-before',
    } as unknown as Event;

    expect(
      await answerTo(remove, async () => {
        throw new Error('checked');
      }),
    ).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'named-before' });
  });

  it('answers before its time is over, also for a check that never ends', async () => {
    // All but a blink of the function's time is kept back for the answer.
    const answer = await answerTo(CREATE, () => new Promise(() => undefined), 15_001);

    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: 'The verification did not come to an end in time.',
    });
  });

  it('tells a check that its time is over, and takes what it says then', async () => {
    const waiting = (_: unknown, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('The endpoint is still Creating.'))),
      );

    expect(await answerTo(CREATE, waiting, 15_001)).toMatchObject({
      Status: 'FAILED',
      Reason: 'The endpoint is still Creating.',
    });
  });
});

describe('the answer', () => {
  interface Received {
    readonly method: string | undefined;
    readonly type: string | undefined;
    readonly body: string;
  }

  /** An address that answers with these statuses in turn, and then with the last one; where one is undefined, it takes the request and says nothing. */
  async function address(...statuses: readonly (number | undefined)[]) {
    const received: Received[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      request.on('end', () => {
        const status = statuses[Math.min(received.length, statuses.length - 1)];
        received.push({ method: request.method, type: request.headers['content-type'], body });
        if (status !== undefined) response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`, received };
  }

  it('is put without a content type, and put again where it was not taken', async () => {
    const { url, received } = await address(503, 200);

    await customResource(async () => undefined)({ ...CREATE, ResponseURL: url }, context());

    expect(received.map(({ method, type }) => [method, type])).toEqual([
      ['PUT', undefined],
      ['PUT', undefined],
    ]);
    expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({ Status: 'SUCCESS', RequestId: 'request-1' });
  });

  it('is put again where nothing is said to it, so that its time is not used up by one attempt', async () => {
    const { url, received } = await address(undefined, 200);
    const answer = {
      Status: 'SUCCESS',
      Reason: '',
      PhysicalResourceId: 'checked-Verification1',
      StackId: COMMON.StackId,
      RequestId: 'request-1',
      LogicalResourceId: 'Verification1',
    } as const;

    await deliveryWithin(500, 1)(url, answer);

    expect(received.slice(0, 2).map(({ body }) => JSON.parse(body))).toEqual([answer, answer]);
  });
});
