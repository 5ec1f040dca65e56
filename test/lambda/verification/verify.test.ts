import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../../contract/problems/problems.ts';
import type { GoldenOutcome } from '../../../lambda/verification/golden-collection.ts';
import type { GoldenAnswer, GoldenReply } from '../../../lambda/verification/golden-question.ts';
import { NotYet, VerificationFailed } from '../../../lambda/verification/patience.ts';
import { type DescribedEndpoint, type VerifyPorts, verify } from '../../../lambda/verification/verify.ts';

const GOLDEN = {
  tolerance: { relative: 1e-5, absolute: 0 },
  cases: [
    { input: { site: 'Waseca' }, output: { yield: 2000 } },
    { input: { site: 'Morris' }, output: { yield: 1000 } },
  ],
};
const RIGHT: GoldenAnswer = { outputs: [{ yield: 2000 }, { yield: 1000.001 }] };
const ENDPOINT = { name: 'barley', configName: 'config-2', variant: 'champion' };
const SERVING: DescribedEndpoint = { status: 'InService', configName: 'config-2', instances: 1 };

type Script<T> = readonly (T | Error)[];

/** Answers what the scripts say, one after another, the last one for ever. */
function ports(
  described: Script<DescribedEndpoint>,
  asked: Script<GoldenReply>,
  collected: Script<GoldenOutcome> = [],
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
  const answer = play(asked, 'ask');
  const look = play(collected, 'collect');
  let names = 0;
  const used: VerifyPorts = {
    golden: GOLDEN,
    describeEndpoint: play(described, 'describe'),
    ask: (functionArn, { goldenPredictions: { variant } }) => {
      log.push(`variant ${variant}`);
      return answer(functionArn);
    },
    collect: (functionArn, { goldenAnswer: { name, outputUri } }) =>
      look(`${functionArn} ${name} ${outputUri}`),
    storedSha256: async ({ key }) => {
      log.push(`checksum of ${key}`);
      return 'ab12';
    },
    newName: () => {
      names += 1;
      return `question-${names}`;
    },
    pause: async (ms) => void log.push(`pause ${ms}`),
  };
  return { used, log };
}

const EVERYTHING = { endpoints: [ENDPOINT], variants: ['champion'], functionArn: 'predict:2' };
const forever = new AbortController().signal;

describe('a verification', () => {
  it('is over when the endpoint serves the configuration of this deployment and every case is answered rightly', async () => {
    const { used, log } = ports([SERVING], [RIGHT]);

    await verify(used, EVERYTHING, forever);

    expect(log).toEqual(['describe barley', 'variant champion', 'ask predict:2']);
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
    const { used, log } = ports([{ ...SERVING, configName: 'config-1' }], [RIGHT]);

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
    const problem = (code: ProblemCode): GoldenAnswer => ({
      problem: { code, detail: 'Try again.' },
    });
    const { used, log } = ports(
      [{ ...SERVING, status: 'Updating' }, SERVING],
      [problem('model-starting'), problem('store-unavailable'), RIGHT],
    );

    await verify(used, EVERYTHING, forever);

    expect(log).toEqual([
      ...['describe barley', 'pause 1000', 'describe barley'],
      ...['variant champion', 'ask predict:2', 'pause 1000'],
      ...['variant champion', 'ask predict:2', 'pause 1000'],
      ...['variant champion', 'ask predict:2'],
    ]);
  });

  it('does not wait for a model that answers with a problem of its own', async () => {
    const problem = {
      code: 'invalid-input',
      detail: 'The input is not valid.',
      errors: [{ path: '/inputs/0/site', code: 'unknown-category', detail: 'No such site.' }],
    } as const;
    const { used, log } = ports([SERVING], [{ problem }]);

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      'Golden predictions are answered with the problem invalid-input: The input is not valid. (/inputs/0/site: No such site.)',
    );
    expect(log).toEqual(['describe barley', 'variant champion', 'ask predict:2']);
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

  it('looks at every endpoint before it asks', async () => {
    const { used, log } = ports([SERVING], [RIGHT]);
    const endpoints = [ENDPOINT, { ...ENDPOINT, name: 'second', variant: 'ridge' }];

    await verify(used, { ...EVERYTHING, endpoints }, forever);

    expect(log.slice(0, 2)).toEqual(['describe barley', 'describe second']);
  });
});

describe('model data that were in S3 before', () => {
  const data = (sha256: string) => ({ bucket: 'research', key: 'model.tar.gz', sha256 });

  it('are compared with what is declared of them', async () => {
    const { used, log } = ports([SERVING], [RIGHT]);
    await verify(used, { ...EVERYTHING, modelData: data('ab12') }, forever);
    const other = verify(used, { ...EVERYTHING, modelData: data('cd34') }, forever);

    expect(log.slice(0, 2)).toEqual(['describe barley', 'checksum of model.tar.gz']);
    await expect(other).rejects.toThrow('have the SHA-256 ab12, and not cd34 as declared');
  });
});

describe('a variant besides the champion', () => {
  const WITH_RIDGE = { ...EVERYTHING, variants: ['champion', 'ridge'] };

  it('is asked after the champion, and may answer what it likes', async () => {
    const { used, log } = ports([SERVING], [RIGHT, { outputs: [{ yield: 1 }, { yield: 2 }] }]);

    await verify(used, WITH_RIDGE, forever);

    expect(log.filter((line) => line.startsWith('variant'))).toEqual(['variant champion', 'variant ridge']);
  });

  it('fails the deployment by its name where it does not answer', async () => {
    const { used } = ports([SERVING], [RIGHT, { problem: { code: 'model-error', detail: 'It failed.' } }]);

    await expect(verify(used, WITH_RIDGE, forever)).rejects.toThrow(
      new VerificationFailed(
        'The variant ridge answers golden predictions with the problem model-error: It failed.',
      ),
    );
  });

  it('fails the deployment where it leaves one out', async () => {
    const { used } = ports([SERVING], [RIGHT, { outputs: [{ yield: 1 }] }]);

    await expect(verify(used, WITH_RIDGE, forever)).rejects.toThrow(
      'The variant ridge gives 1 answers to 2 golden predictions.',
    );
  });

  it('is waited for while it starts', async () => {
    const starting: GoldenAnswer = { problem: { code: 'model-unavailable', detail: 'Try again.' } };
    const { used, log } = ports([SERVING], [RIGHT, starting, RIGHT]);

    await verify(used, WITH_RIDGE, forever);

    expect(log.filter((line) => !line.startsWith('ask'))).toEqual([
      ...['describe barley', 'variant champion', 'variant ridge', 'pause 1000', 'variant ridge'],
    ]);
  });
});

describe('a model that answers later', () => {
  const QUEUED: GoldenReply = { queued: { outputUri: 's3://out', failureUri: 's3://fail' } };
  const PENDING: GoldenOutcome = { pending: true };
  const LATER = { ...EVERYTHING, collectorArn: 'complete' };
  const LOOK = 'collect complete question-1 s3://out';

  it('is held to the same answers once they are there, looked for at growing intervals', async () => {
    const pending = Array.from({ length: 6 }, () => PENDING);
    const { used, log } = ports([SERVING], [QUEUED], [...pending, RIGHT]);

    await verify(used, LATER, forever);

    expect(log.filter((line) => line === LOOK)).toHaveLength(7);
    expect(log.filter((line) => line.startsWith('pause'))).toEqual(
      [250, 500, 1000, 2000, 4000, 5000].map((ms) => `pause ${ms}`),
    );
    expect(log.filter((line) => line.startsWith('ask'))).toHaveLength(1);
  });

  it('fails on wrong answers and on failures as any other', async () => {
    const wrong = ports([SERVING], [QUEUED], [{ outputs: [{ yield: 4000 }, { yield: 1000 }] }]);
    const failed = ports([SERVING], [QUEUED], [{ problem: { code: 'model-error', detail: 'No tensor.' } }]);

    await expect(verify(wrong.used, LATER, forever)).rejects.toThrow(
      '1 of 2 golden predictions are answered wrongly. For {"site":"Waseca"}: yield should be 2000 and is 4000.',
    );
    await expect(verify(failed.used, LATER, forever)).rejects.toThrow(
      'Golden predictions are answered with the problem model-error: No tensor.',
    );
  });

  it('has all its variants asked before one is waited for, so that they wake together', async () => {
    const { used, log } = ports([SERVING], [QUEUED], [PENDING, RIGHT, RIGHT]);

    await verify(used, { ...LATER, variants: ['champion', 'ridge'] }, forever);

    expect(log.filter((line) => /^(variant|collect)/.test(line))).toEqual([
      ...['variant champion', 'variant ridge', LOOK, LOOK, 'collect complete question-2 s3://out'],
    ]);
  });

  it('keeps the name of its question when it has to be asked again', async () => {
    const names: string[] = [];
    const { used } = ports([SERVING], [new NotYet('Rate exceeded'), QUEUED], [RIGHT]);
    const ask: VerifyPorts['ask'] = (functionArn, question, signal) => {
      names.push(question.goldenPredictions.name);
      return used.ask(functionArn, question, signal);
    };

    await verify({ ...used, ask }, LATER, forever);

    expect(names).toEqual(['question-1', 'question-1']);
  });

  it.each([
    [0, 'has had no instance', 'deploy again once it has an instance, or with instances.min at 1 or more'],
    [2, 'has not answered golden predictions', 'Deploy again when its backlog is short'],
  ])('fails with what to do where the time is over, with %s instances', async (instances, why, remedy) => {
    const over = new AbortController();
    const { used } = ports([{ ...SERVING, instances }], [QUEUED], [PENDING]);
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 3) over.abort();
    };

    const failure = await verify({ ...used, pause }, LATER, over.signal).catch((error: Error) => error);

    expect(failure).toBeInstanceOf(VerificationFailed);
    expect(String(failure)).toContain(`The endpoint barley ${why}`);
    expect(String(failure)).toContain(remedy);
  });

  it('fails where nothing reads its answers', async () => {
    const { used } = ports([SERVING], [QUEUED]);

    await expect(verify(used, EVERYTHING, forever)).rejects.toThrow(
      'The variant champion answers later, and no function reads its answers.',
    );
  });
});
