import { describe, expect, it } from 'vitest';
import type { ComparedFile } from '../../../bin/train/compare-artifacts.ts';
import { isReproduced, report } from '../../../bin/train/report.ts';

const file = (parts: Partial<ComparedFile>): ComparedFile => ({
  file: 'reference.json',
  measure: 'numbers',
  differences: [],
  generator: [],
  ...parts,
});

describe('the report of a check', () => {
  it('says by what each file is the same', () => {
    const files = [
      file({ file: 'a.bin', measure: 'bytes' }),
      file({ file: 'b.json' }),
      file({ file: 'c.onnx', measure: 'predictions' }),
    ];
    expect(isReproduced(files)).toBe(true);
    expect(report('barley-yield', files)).toEqual([
      'models/barley-yield/artifacts/a.bin: the same bytes',
      'models/barley-yield/artifacts/b.json: the same, its numbers within the tolerance of a training',
      'models/barley-yield/artifacts/c.onnx: the same predictions',
    ]);
  });

  it('names the file, the place and both values of each difference', () => {
    const files = [
      file({
        differences: [
          { path: '/cases/0/output/yield', kind: 'changed', committed: 2000, trained: 2001 },
          { path: '/bias', kind: 'changed', committed: 0, trained: 0.5 },
          { path: '/unit', kind: 'changed', committed: 'kg/ha', trained: 'bu/acre' },
          { path: '/rows', kind: 'not-trained', committed: 60 },
          { path: '/seed', kind: 'not-committed', trained: null },
        ],
      }),
      file({
        file: 'model.onnx',
        measure: 'predictions',
        differences: [{ path: '/cases/1/output/yield', kind: 'changed', committed: 4, trained: Number.NaN }],
      }),
      file({ file: 'a.bin', differences: [{ path: '', kind: 'fault', problem: 'is gone' }] }),
    ];
    expect(isReproduced(files)).toBe(false);
    const reference = 'models/barley-yield/artifacts/reference.json';
    expect(report('barley-yield', files)).toEqual([
      `${reference} /cases/0/output/yield: committed 2000, trained 2001 (relative difference 0.000500)`,
      `${reference} /bias: committed 0, trained 0.5`,
      `${reference} /unit: committed "kg/ha", trained "bu/acre"`,
      `${reference} /rows: committed 60, and not trained`,
      `${reference} /seed: trained null, and not committed`,
      'models/barley-yield/artifacts/model.onnx /cases/1/output/yield: committed model 4, trained model NaN',
      'models/barley-yield/artifacts/a.bin: is gone',
    ]);
  });

  it('lists no more than twenty differences, and no long value whole', () => {
    const differences = Array.from({ length: 23 }, (_, index) => ({
      path: `/${index}`,
      kind: 'not-trained' as const,
      committed: 'x'.repeat(1000),
    }));
    const lines = report('barley-yield', [file({ differences })]);
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('and 3 more');
    expect(lines[0]).toContain(`/0: committed "${'x'.repeat(59)}… (1002 characters), and not trained`);
    expect(report('barley-yield', [file({ differences: differences.slice(0, 20) })])).toHaveLength(20);
  });

  it('tells another generator as information, which is no difference', () => {
    const files = [
      file({
        generator: [{ path: '/generator/python', kind: 'changed', committed: '3.11', trained: '3.12' }],
      }),
    ];
    expect(isReproduced(files)).toBe(true);
    expect(report('barley-yield', files)[1]).toBe(
      'models/barley-yield/artifacts/reference.json /generator/python: committed "3.11", trained "3.12"; for information only',
    );
  });

  it('keeps a difference on one line, whatever a member is called', () => {
    const differences = [{ path: '/a\nb\u001b[2J', kind: 'not-trained' as const, committed: '\n' }];
    const [line] = report('barley-yield', [file({ differences })]);
    expect(line).toContain(' /a\\nb\\u001b[2J: committed "\\n", and not trained');
  });
});
