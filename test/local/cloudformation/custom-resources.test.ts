import { CfnResource, type Stack } from 'aws-cdk-lib';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloudFormationPlugin } from '../../../local/cloudformation/plugin.ts';
import type { ServicePlugin } from '../../../local/core/plugin/service-plugin.ts';
import type { InvokeResult } from '../../../local/lambda/service.ts';
import { startCloud } from '../core/support/clouds.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

const PROVIDER = 'arn:aws:lambda:us-east-1:000000000000:function:provider';

interface Event {
  readonly RequestType: string;
  readonly LogicalResourceId: string;
  readonly ResponseURL: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** What a provider does with an event: puts a text, or nothing. */
type Provider = (event: Event) => string | undefined;

let events: Event[];
let provider: Provider;
let outcome: InvokeResult;
beforeEach(() => {
  events = [];
  outcome = { payload: null };
  provider = answering(() => undefined);
});

/** A provider that fails where there is a reason for it. */
function answering(reasonOf: (event: Event) => string | undefined): Provider {
  return (event) => {
    const reason = reasonOf(event);
    const id = event.PhysicalResourceId ?? `made-${event.LogicalResourceId}`;
    return JSON.stringify({
      Status: reason === undefined ? 'SUCCESS' : 'FAILED',
      Reason: reason,
      PhysicalResourceId: id,
    });
  };
}

/** Lambda with one function, which is the test's provider. */
const lambda: ServicePlugin = {
  name: 'lambda',
  resourceTypes: {},
  start: async (cloud) => {
    cloud.services.lambda = {
      invoke: async (functionArn, sent) => {
        const event = sent as Event;
        expect(functionArn).toBe(PROVIDER);
        events.push(event);
        const body = provider(event);
        if (body !== undefined) await fetch(event.ResponseURL, { method: 'PUT', body });
        return outcome;
      },
      permits: () => false,
      release: () => undefined,
    };
    return { close: async () => undefined };
  },
};

const stackWith = (resources: Readonly<Record<string, object>>) => (stack: Stack) => {
  for (const [id, properties] of Object.entries(resources))
    new CfnResource(stack, id, {
      type: 'Custom::Check',
      properties: { ServiceToken: PROVIDER, ...properties },
    });
};

let before: string;
let after: string;
beforeAll(() => {
  before = synthesizeStack(
    stackWith({ Kept: { Size: 3, Deep: [{ On: true }] }, Changed: { Of: 'a' }, Removed: {} }),
  );
  after = synthesizeStack(
    stackWith({ Kept: { Size: 3, Deep: [{ On: true }] }, Changed: { Of: 'b' }, Added: {} }),
  );
});

const start = () => startCloud({ assemblyDir: before, plugins: [lambda, cloudFormationPlugin] });
const asked = () =>
  events.map(({ RequestType, LogicalResourceId }) => `${RequestType} ${LogicalResourceId}`).sort();

describe('custom resources', () => {
  it('are created at the start, by events as CloudFormation sends them', async () => {
    const { notEmulated } = await start();

    expect(asked()).toEqual(['Create Changed', 'Create Kept', 'Create Removed']);
    const kept = events.find(({ LogicalResourceId }) => LogicalResourceId === 'Kept');
    expect(kept).toMatchObject({
      ServiceToken: PROVIDER,
      ResourceType: 'Custom::Check',
      StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/\w+\/local$/),
      // Every number and truth value is text.
      ResourceProperties: { ServiceToken: PROVIDER, Size: '3', Deep: [{ On: 'true' }] },
    });
    expect(kept).not.toHaveProperty('PhysicalResourceId');
    expect(notEmulated).toEqual([]);
  });

  it('fail the start with the reason and the place of the one that fails, and are deleted again', async () => {
    provider = answering(({ RequestType, LogicalResourceId }) =>
      RequestType === 'Create' && LogicalResourceId === 'Changed' ? 'yield should be 2000' : undefined,
    );

    await expect(start()).rejects.toThrow(/\/Changed: yield should be 2000$/);
    expect(asked()).toEqual([
      ...['Create Changed', 'Create Kept', 'Create Removed'],
      ...['Delete Changed', 'Delete Kept', 'Delete Removed'],
    ]);
  });

  it('are left out and listed where they are about an endpoint that does not run here', async () => {
    const sagemaker: ServicePlugin = {
      name: 'sagemaker',
      resourceTypes: {},
      start: async (cloud) => {
        cloud.services.notRunning = new Map([['a', 'its image is not built from this assembly']]);
        return { close: async () => undefined };
      },
    };
    const plugins = [sagemaker, lambda, cloudFormationPlugin];
    const { notEmulated } = await startCloud({ assemblyDir: before, plugins });

    expect(notEmulated).toEqual([
      {
        type: 'Custom::Check',
        paths: [expect.stringMatching(/\/Changed$/)],
        reason: 'it is about a, which does not run here',
      },
    ]);
    expect(asked()).toEqual(['Create Kept', 'Create Removed']);
  });

  it('are asked in a deployment about what is new, changed or gone, and about nothing else', async () => {
    const cloud = await start();
    events.length = 0;
    await cloud.deploy(after);

    await expect.poll(asked).toEqual(['Create Added', 'Delete Removed', 'Update Changed']);
    expect(events.find(({ RequestType }) => RequestType === 'Update')).toMatchObject({
      PhysicalResourceId: 'made-Changed',
      ResourceProperties: { Of: 'b' },
      OldResourceProperties: { Of: 'a' },
    });
    expect(events.find(({ RequestType }) => RequestType === 'Delete')).toMatchObject({
      PhysicalResourceId: 'made-Removed',
    });
  });

  it('are set back where the deployment is given up, and nothing is deleted that stays', async () => {
    const cloud = await start();
    events.length = 0;
    provider = answering(({ LogicalResourceId }) => (LogicalResourceId === 'Added' ? 'no' : undefined));

    await expect(cloud.deploy(after)).rejects.toThrow(/\/Added: no$/);

    expect(asked()).toEqual(['Create Added', 'Delete Added', 'Update Changed', 'Update Changed']);
    expect(events.at(-1)?.ResourceProperties.Of ?? events.at(-2)?.ResourceProperties.Of).toBe('a');
    expect(cloud.warnings).toEqual([expect.stringMatching(/\/Added: no$/)]);
  });

  it.each([
    ['nothing', undefined, 'its provider ended without an answer: init failed'],
    ['no JSON', 'done', "its provider's answer is not one"],
    ['an unknown status', '{"Status":"OK","PhysicalResourceId":"a"}', "its provider's answer is not one"],
    ['too much', 'x'.repeat(4097), "its provider's answer has 4097 bytes, of at most 4096"],
  ])('fail where their provider answers with %s', async (_, text, message) => {
    outcome = { payload: { errorMessage: 'init failed' }, functionError: 'Unhandled' };
    provider = () => text;

    await expect(start()).rejects.toThrow(message);
  });
});
