import { describe, expect, it } from 'vitest';
import { NotYet, VerificationFailed, type VerifyPorts, verify } from '../../../lambda/operations/verify.ts';
import type { GoldenAnswer } from '../../../lambda/verification/golden-question.ts';

const GOLDEN = {
  tolerance: { relative: 1e-5, absolute: 0 },
  cases: [
    { input: { site: 'Waseca' }, output: { yield: 2000 } },
    { input: { site: 'Morris' }, output: { yield: 1000 } },
  ],
};
const RIGHT: GoldenAnswer = { outputs: [{ yield: 2000 }, { yield: 1000.001 }] };
const ENDPOINT = { name: 'barley', configName: 'config-2' };
const SERVING = { status: 'InService', configName: 'config-2' };

type Script<T> = readonly (T | Error)[];

/** Answers what the scripts say, one after another, the last one for ever. */
function ports(
  described: Script<Awaited<ReturnType<VerifyPorts['describeEndpoint']>>>,
  asked: Script<GoldenAnswer>,
) {
  const log: string[] = [];
  const play = <T>(script: Script<T>, what: string) => {
    let next = 0;
    return async (about: string): Promise<T> => {
      log.push(`${what} ${about}`);
      const answer = script[Math.min(next, script.length - 1)];
      next += 1;
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('nothing is scripted');
      return answer;
    };
  };
  const used: VerifyPorts = {
    golden: GOLDEN,
    describeEndpoint: play(described, 'describe'),
    ask: play(asked, 'ask'),
    pause: async (ms) => void log.push(`pause ${ms}`),
  };
  return { used, log };
}

const EVERYTHING = { endpoints: [ENDPOINT], functionArn: 'predict:2' };
const forever = new AbortController().signal;

describe('a verification', () => {
  it('is over when the endpoint serves the configuration of this deployment and every case is answered rightly', async () => {
    const { used, log } = ports([SERVING], [RIGHT]);

    await verify(used, EVERYTHING, forever);

    expect(log).toEqual(['describe barley', 'ask predict:2']);
  });

  it('tells how many cases are wrong, and of the first what was expected and what came', async () => {
    const { used } = ports([SERVING], [{ outputs: [{ yield: 4000 }, { yield: 1000 }] }]);

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      new VerificationFailed(
        '1 of 2 golden predictions are answered wrongly. For {"site":"Waseca"}: yield should be 2000 and is 4000.',
      ),
    );
  });

  it('takes answers that are missing for wrong ones', async () => {
    const { used } = ports([SERVING], [{ outputs: [{ yield: 2000 }] }]);

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      'For {"site":"Morris"}: yield should be 1000',
    );
  });

  it('fails on an endpoint that is in service on another configuration: its update was rolled back', async () => {
    const { used, log } = ports([{ status: 'InService', configName: 'config-1' }], [RIGHT]);

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      'The endpoint barley serves the configuration config-1, and not config-2 of this deployment: its update was rolled back.',
    );
    expect(log).toEqual(['describe barley']);
  });

  it.each(['Failed', 'OutOfService', 'UpdateRollbackFailed'])(
    'fails on an endpoint that is %s',
    async (status) => {
      const { used } = ports([{ ...SERVING, status }], [RIGHT]);

      await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(`The endpoint barley is ${status}.`);
    },
  );

  it('waits for an endpoint that is being scaled, and for a model that is only just starting', async () => {
    const problem = (code: 'model-starting' | 'model-unavailable'): GoldenAnswer => ({
      problem: { code, detail: 'Try again.' },
    });
    const { used, log } = ports(
      [{ ...SERVING, status: 'Updating' }, SERVING],
      [problem('model-starting'), problem('model-unavailable'), RIGHT],
    );

    await verify(used, EVERYTHING, forever);

    expect(log).toEqual([
      ...['describe barley', 'pause 1000', 'describe barley'],
      ...['ask predict:2', 'pause 1000', 'ask predict:2', 'pause 1000', 'ask predict:2'],
    ]);
  });

  it('does not wait for a model that answers with a problem of its own', async () => {
    const problem = {
      code: 'invalid-input',
      detail: 'The input is not valid.',
      errors: [{ path: '/inputs/0/site', code: 'unknown-category', detail: 'No such site.' }] as const,
    };
    const { used, log } = ports([SERVING], [{ problem }]);

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      'Golden predictions are answered with the problem invalid-input: The input is not valid. (/inputs/0/site: No such site.)',
    );
    expect(log).toHaveLength(2);
  });

  it('gives a refused call up after as many attempts as it is worth', async () => {
    const { used, log } = ports(
      [new NotYet('not authorized to perform: sagemaker:DescribeEndpoint', 3)],
      [RIGHT],
    );

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      new VerificationFailed('not authorized to perform: sagemaker:DescribeEndpoint'),
    );
    expect(log.filter((line) => line.startsWith('describe'))).toHaveLength(3);
  });

  it('tells what it waits for when its time is over, not that a call was cut off', async () => {
    const over = new AbortController();
    const { used } = ports([{ ...SERVING, status: 'Creating' }, new NotYet('Request aborted')], [RIGHT]);
    const pause = async () => over.abort();

    await expect(verify({ ...used, pause }, EVERYTHING, over.signal)).rejects.toThrow(
      new VerificationFailed('The endpoint barley is still Creating.'),
    );
  });

  it('looks at every endpoint, and asks nothing where answers come later', async () => {
    const { used, log } = ports([SERVING], []);

    await verify(used, { endpoints: [ENDPOINT, { ...ENDPOINT, name: 'second' }] }, forever);

    expect(log).toEqual(['describe barley', 'describe second']);
  });
});
