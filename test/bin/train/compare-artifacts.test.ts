import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { compareArtifacts } from '../../../bin/train/compare-artifacts.ts';
import { computed, graph, multiplied, multiplier, reference } from './models.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

let folders: { readonly committed: string; readonly trained: string };

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'artifacts-'));
  folders = { committed: join(root, 'committed'), trained: join(root, 'trained') };
  onTestFinished(() => rmSync(root, { recursive: true }));
});

async function compare(
  committed: Files,
  trained: Files,
  model = multiplied as typeof multiplied | typeof computed,
) {
  write(folders.committed, committed);
  write(folders.trained, trained);
  return await compareArtifacts(model, folders);
}

function write(folder: string, files: Files): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}

const fault = (file: string, problem: string) => ({
  file,
  measure: 'bytes',
  differences: [{ path: '', kind: 'fault', problem }],
  generator: [],
});

describe('the artifacts of two trainings', () => {
  it('are the same where their bytes are, whatever they are', async () => {
    const files = { 'model.onnx': 'not a model', 'a.json': 'not JSON', 'weights/1/b.bin': 'b' };
    const same = { measure: 'bytes', differences: [], generator: [] };
    expect(await compare(files, files)).toEqual(
      ['a.json', 'model.onnx', 'weights/1/b.bin'].map((file) => ({ file, ...same })),
    );
  });

  it('are compared as JSON by numbers that processors may differ in', async () => {
    const [file] = await compare(
      { 'reference.json': '{"cases":[{"yield":1659.6041254239108,"site":"Duluth"}]}' },
      { 'reference.json': '{ "cases": [{ "site": "Duluth", "yield": 1659.6041254239105 }] }\n' },
    );
    expect(file).toEqual({ file: 'reference.json', measure: 'numbers', differences: [], generator: [] });

    const [other] = await compare(
      { 'reference.json': '{"cases":[{"yield":1659.6041254239108}]}' },
      { 'reference.json': '{"cases":[{"yield":1659.6042}]}' },
    );
    expect(other?.differences).toEqual([
      {
        path: '/cases/0/yield',
        kind: 'changed',
        committed: 1659.6041254239108,
        trained: 1659.6042,
      },
    ]);
  });

  it('may be made by another generator, which is told: the member of that name at the top, and no other', async () => {
    const document = (python: string) => `{"generator":{"python":"${python}"},"rows":60}`;
    expect(await compare({ 'a.json': document('3.11.7') }, { 'a.json': document('3.12.1') })).toEqual([
      {
        file: 'a.json',
        measure: 'numbers',
        differences: [],
        generator: [{ path: '/generator/python', kind: 'changed', committed: '3.11.7', trained: '3.12.1' }],
      },
    ]);
    const [deeper] = await compare({ 'a.json': '[{"generator":1}]' }, { 'a.json': '[{"generator":2}]' });
    expect(deeper?.differences).toHaveLength(1);
  });

  it('differ where JSON is none', async () => {
    const [file] = await compare({ 'a.json': '{}' }, { 'a.json': '{"a":NaN}' });
    expect(file).toMatchObject({
      differences: [{ problem: expect.stringMatching(/^as trained is not JSON: /) }],
    });
    const [bytes] = await compare({ 'a.json': Buffer.of(0x22, 0xff, 0x22) }, { 'a.json': '"\ufffd"' });
    expect(bytes).toMatchObject({
      differences: [{ problem: expect.stringMatching(/^as committed is not JSON: /) }],
    });
  });

  it('are compared as ONNX by predictions for the committed golden inputs', async () => {
    const committed = { 'model.onnx': graph('twice'), 'reference.json': reference([1]) };
    const [same] = await compare(committed, { ...committed, 'model.onnx': multiplier(2 + 2 ** -22) });
    expect(same).toEqual({ file: 'model.onnx', measure: 'predictions', differences: [], generator: [] });

    const [other] = await compare(committed, { ...committed, 'model.onnx': graph('thrice') });
    expect(other?.differences).toEqual([
      { path: '/cases/0/output/multiple', kind: 'changed', committed: 2, trained: 3 },
    ]);
  });

  it('are compared as ONNX for the committed golden inputs, whatever inputs the training wrote', async () => {
    const [model, golden] = await compare(
      { 'model.onnx': graph('twice'), 'reference.json': reference([1, 2]) },
      { 'model.onnx': graph('thrice'), 'reference.json': reference([0]) },
    );
    expect(model?.differences.map(({ path }) => path)).toEqual([
      '/cases/0/output/multiple',
      '/cases/1/output/multiple',
    ]);
    expect(golden?.differences.map(({ path }) => path)).toContain('/cases/0/input/amount');
  });

  it('are compared by bytes otherwise, an ONNX file of a model without an artifact too', async () => {
    const different = (file: string) => fault(file, 'differs: 1 bytes committed, 2 trained');
    const files = [
      { 'a.bin': 'a', 'b.onnx': 'b' },
      { 'a.bin': 'aa', 'b.onnx': 'bb' },
    ] as const;
    expect(await compare(...files, computed)).toEqual([different('a.bin'), different('b.onnx')]);
  });

  it('differ where only one has a file', async () => {
    expect(await compare({ 'a.json': '{}' }, { 'b/c.json': '{}' })).toEqual([
      fault('a.json', 'is committed, and training did not write it'),
      fault('b/c.json', 'was trained, and is not committed'),
    ]);
  });

  it('differ in every file where training wrote none, or none is committed', async () => {
    expect(await compare({ 'a.json': '{}' }, {})).toHaveLength(1);
    rmSync(folders.committed, { recursive: true });
    expect(await compare({}, { 'a.json': '{}' })).toEqual([
      fault('a.json', 'was trained, and is not committed'),
    ]);
  });
});
