import { describe, expect, it } from 'vitest';
import type { Prepared } from '../../../lambda/batch/events.ts';
import { batchPrepare, type PrepareAnswer, type PreparePorts } from '../../../lambda/batch/prepare.ts';
import { decodeChunk } from '../../../lambda/batch/rows.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { REQUEST_ID, served } from '../support/ports.ts';
import { ENOUGH_TIME, looks, memoryObjects } from './objects.ts';

const EXECUTION = 'monday';
const INPUT = { prefix: 'incoming/july/' };

const line = (area: number) => `${JSON.stringify({ id: `f${area}`, input: { area } })}\n`;
const areas = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join('');

type Bucket = ReturnType<typeof memoryObjects>;

const prepare = (
  bucket: Bucket,
  {
    prepared = null,
    input = INPUT,
    ...ports
  }: Partial<PreparePorts> & { prepared?: Prepared | null; input?: unknown } = {},
): Promise<PrepareAnswer> =>
  batchPrepare(
    {
      model: served,
      codec: codecNamed('oip'),
      objects: bucket.objects,
      recordsPerRequest: 3,
      jobPrefix: 'furrow-dev-harvest-batch-',
      requestId: REQUEST_ID,
      deadline: ENOUGH_TIME,
      ...ports,
    },
    { execution: EXECUTION, input, prepared },
  );

const done = (answer: PrepareAnswer): Prepared => {
  if ('error' in answer) throw new Error(answer.error.Cause);
  return answer.prepared;
};

/** Every chunk with its rows, and what is asked about them. */
const chunks = ({ content }: Bucket) =>
  [...content.keys()]
    .filter((key) => key.startsWith(`work/${EXECUTION}/rows/`))
    .sort()
    .map((key) => {
      const { source, rows } = decodeChunk(content.get(key) ?? '');
      const request = content.get(key.replace('/rows/', '/requests/'));
      return {
        source,
        lines: rows.map((row) => row.line),
        asked: request === undefined ? undefined : JSON.parse(request).inputs[0].data,
      };
    });

describe('the preparation of a batch', () => {
  it('writes requests of so many lines, object by object, and passes over what is no input', async () => {
    const bucket = memoryObjects({
      'incoming/june/a.jsonl': line(99),
      'incoming/july/a.jsonl': areas(1, 4),
      'incoming/july/b.csv': 'area\n1\n',
      'incoming/july/c.jsonl': '',
      'incoming/july/deep/d.jsonl': areas(5, 5),
    });

    expect(await prepare(bucket)).toEqual({
      prepared: {
        done: true,
        after: 'incoming/july/deep/d.jsonl',
        current: null,
        objects: 3,
        ignored: 1,
        lines: 5,
        chunks: 3,
        requests: 3,
      },
      finished: null,
      job: {
        name: expect.stringMatching(/^furrow-dev-harvest-batch-[0-9a-f]{12}$/),
        requests: 's3://bucket/work/monday/requests/',
        answers: 's3://bucket/work/monday/answers/',
      },
    });
    expect(chunks(bucket)).toEqual([
      { source: 'incoming/july/a.jsonl', lines: [1, 2, 3], asked: [1, 2, 3] },
      { source: 'incoming/july/a.jsonl', lines: [4], asked: [4] },
      { source: 'incoming/july/deep/d.jsonl', lines: [1], asked: [5] },
    ]);
  });

  it('keeps bad lines in their places, and asks nothing about them', async () => {
    const bucket = memoryObjects({
      'incoming/july/a.jsonl': `${line(1)}nonsense\n\n${line(2)}{"input":{}}\n{"input":{"area":-5}}\n`,
    });

    const prepared = done(await prepare(bucket));

    expect(prepared).toMatchObject({ lines: 5, chunks: 2, requests: 1 });
    expect(chunks(bucket)).toEqual([
      { source: 'incoming/july/a.jsonl', lines: [1, 2, 4], asked: [1, 2] },
      { source: 'incoming/july/a.jsonl', lines: [5, 6], asked: undefined },
    ]);
  });

  it('comes to the same when its time is over again and again', async () => {
    const files = { 'incoming/july/a.jsonl': areas(1, 10), 'incoming/july/b.jsonl': areas(11, 13) };
    const whole = memoryObjects(files);
    const expected = done(await prepare(whole));

    const bucket = memoryObjects(files);
    let prepared: Prepared | null = null;
    let rounds = 0;
    do {
      prepared = done(await prepare(bucket, { prepared, deadline: looks(rounds === 0 ? 1 : 0) }));
      rounds += 1;
    } while (!prepared.done && rounds < 20);

    expect(rounds).toBeGreaterThan(3);
    expect(prepared).toEqual(expected);
    expect(chunks(bucket)).toEqual(chunks(whole));
    expect(bucket.log.filter((entry) => entry.startsWith('read incoming/july/a'))).toContain(
      `read incoming/july/a.jsonl from ${Buffer.byteLength(areas(1, 3))}`,
    );
  });

  it('does not write again what is written when a round is repeated', async () => {
    const bucket = memoryObjects({ 'incoming/july/a.jsonl': areas(1, 5) });
    const first = await prepare(bucket);
    const before = new Map(bucket.content);

    expect(await prepare(bucket)).toEqual(first);
    expect(bucket.content).toEqual(before);
  });

  it('gives each execution one job name, and never two the same', async () => {
    const bucket = memoryObjects({ 'incoming/july/a.jsonl': line(1) });
    const nameOf = async (execution: string) => {
      const answer = await batchPrepare(
        {
          model: served,
          codec: codecNamed('oip'),
          objects: bucket.objects,
          recordsPerRequest: 3,
          jobPrefix: 'x-',
          requestId: REQUEST_ID,
          deadline: ENOUGH_TIME,
        },
        { execution, input: INPUT, prepared: null },
      );
      return 'job' in answer ? answer.job.name : undefined;
    };

    expect(await nameOf('monday')).toBe(await nameOf('monday'));
    expect(await nameOf('monday')).not.toBe(await nameOf('tuesday'));
  });

  it.each([
    ['no prefix', {}, 'prefix'],
    ['another folder', { prefix: 'results/july/' }, 'does not begin with incoming/'],
    ['a field too many', { ...INPUT, model: 'x' }, 'model'],
    ['nothing', 'july', 'Start it with'],
    ['a unit of another dimension', { ...INPUT, units: { harvest: 'ha' } }, '/units/harvest'],
    ['nothing below the prefix', { prefix: 'incoming/may/' }, 'There is no object below incoming/may/'],
  ])('tells who starts it with %s what to mend, and does not fail itself', async (_, input, cause) => {
    const bucket = memoryObjects({ 'incoming/july/a.jsonl': line(1) });

    expect(await prepare(bucket, { input })).toEqual({
      error: { Error: 'InvalidInput', Cause: expect.stringContaining(cause) },
    });
    expect(bucket.log.filter((entry) => entry.startsWith('put'))).toEqual([]);
  });

  it('does not mix two contents of an object that is replaced between two rounds', async () => {
    const bucket = memoryObjects({ 'incoming/july/a.jsonl': areas(1, 10) });
    const prepared = done(await prepare(bucket, { deadline: looks(1) }));
    bucket.content.set('incoming/july/a.jsonl', areas(20, 40));

    expect(await prepare(bucket, { prepared })).toEqual({
      error: { Error: 'ObjectChanged', Cause: 'incoming/july/a.jsonl was changed' },
    });
  });

  it('fails where the bucket does, so that it is tried again', async () => {
    const bucket = memoryObjects({ 'incoming/july/a.jsonl': line(1) });
    const put = () => Promise.reject(new Error('SlowDown'));

    await expect(prepare(bucket, { objects: { ...bucket.objects, put } })).rejects.toThrow('SlowDown');
  });
});
