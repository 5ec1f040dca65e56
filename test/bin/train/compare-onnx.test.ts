import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { onnxDifferences, questionsOf } from '../../../bin/train/compare-onnx.ts';
import { TrainingError } from '../../../bin/train/training-target.ts';
import { graph, multiplied, multiplier, reference } from './models.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onnx-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

interface Compared {
  readonly committed?: Uint8Array;
  readonly trained: Uint8Array;
  readonly golden?: string;
}

/** Differences of two graphs as the multiplied model. */
async function compare({ committed = graph('twice'), trained, golden }: Compared) {
  const files = { committed: join(folder, 'committed.onnx'), trained: join(folder, 'trained.onnx') };
  writeFileSync(files.committed, committed);
  writeFileSync(files.trained, trained);
  return await onnxDifferences(multiplied, files, questionsOf(multiplied, golden ?? reference([1, 40])));
}

describe('two ONNX files', () => {
  it('are the same model where their answers are apart by no more than the golden tolerance', async () => {
    expect(await compare({ trained: graph('twice') })).toEqual([]);
    expect(await compare({ trained: multiplier(2 + 2 ** -22) })).toEqual([]);
    expect(await compare({ trained: multiplier(2.00001) })).toEqual([]);
  });

  it('differ in each answer that is farther apart, by its case and its field', async () => {
    const trained = multiplier(2.0625);
    expect(await compare({ trained })).toEqual([
      { path: '/cases/0/output/multiple', kind: 'changed', committed: 2, trained: 2.0625 },
      { path: '/cases/1/output/multiple', kind: 'changed', committed: 80, trained: 82.5 },
    ]);
    expect(await compare({ trained, golden: reference([1, 49]) })).toContainEqual({
      path: '/cases/1/output/decision',
      kind: 'changed',
      committed: 'less',
      trained: 'more',
    });
  });

  it('are compared by the tolerance that reference.json states', async () => {
    const trained = multiplier(2.0625);
    const golden = (absolute: number) => reference([1, 40], { relative: 0, absolute });
    expect(await compare({ trained, golden: golden(2.6) })).toEqual([]);
    expect(await compare({ trained, golden: golden(2.4) })).toHaveLength(1);
  });

  it('are asked the example of the contract where there are no golden predictions', async () => {
    const files = { committed: join(folder, 'a.onnx'), trained: join(folder, 'b.onnx') };
    writeFileSync(files.committed, graph('twice'));
    writeFileSync(files.trained, graph('thrice'));
    expect(await onnxDifferences(multiplied, files, questionsOf(multiplied, undefined))).toEqual([
      { path: '/cases/0/output/multiple', kind: 'changed', committed: 14, trained: 21 },
    ]);
  });

  it('differ in what goes in and comes out, beside what they can not answer', async () => {
    const found = await compare({ trained: graph('sum') });
    expect(found).toContainEqual({
      path: '/outputs/total',
      kind: 'not-committed',
      trained: { type: 'float32', shape: [1] },
    });
    expect(found).toContainEqual({
      path: '/inputs/x/shape/1',
      kind: 'not-trained',
      committed: 1,
    });
    expect(found.filter(({ kind }) => kind === 'fault').map(({ path }) => path)).toEqual([
      '/cases/0/output',
      '/cases/1/output',
    ]);
    const half = await compare({ committed: graph('half'), trained: graph('half') });
    expect(half.every(({ kind }) => kind === 'fault')).toBe(true);
    expect(half).toHaveLength(4);
  });

  it('differ where one of them is no model, with the reason', async () => {
    const found = await compare({ trained: Buffer.from('nonsense') });
    expect(found).toMatchObject([{ path: '', kind: 'fault' }]);
    expect(found[0]).toHaveProperty(
      'problem',
      expect.stringMatching(/^the trained model can't be loaded: ./),
    );
  });

  it('are the same where both answer something that is not a number, and differ where one does', async () => {
    expect(await compare({ committed: multiplier(Number.NaN), trained: multiplier(Number.NaN) })).toEqual([]);
    expect(await compare({ trained: multiplier(Number.NaN), golden: reference([1]) })).toEqual([
      { path: '/cases/0/output/multiple', kind: 'changed', committed: 2, trained: Number.NaN },
    ]);
  });

  it('are not compared by a reference.json that is of no use', () => {
    expect(() => questionsOf(multiplied, '{"cases":[]}')).toThrow(TrainingError);
    expect(() => questionsOf(multiplied, '{')).toThrow(
      /^models\/multiplied\/artifacts\/reference\.json: is not JSON/,
    );
  });
});
