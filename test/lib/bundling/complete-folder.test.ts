import { describe, expect, it } from 'vitest';
import { assertComplete } from '../../../lib/bundling/complete-folder.ts';

function program(path: string, ...imports: string[]) {
  return { path, file: '', sha256: '', imports };
}

const index = (...imports: string[]) => ({ path: 'index.mjs', imports });

describe('the code of a function', () => {
  it("is complete where each import is a file of its folder, by the path from the program that names it, or Node's own", () => {
    const files = [
      program('model.mjs', './contract/index.mjs', 'node:fs'),
      program('contract/index.mjs', '../chunks/A.mjs', 'fs/promises'),
      program('chunks/A.mjs'),
      { path: 'model.onnx', file: '', sha256: '' },
    ];

    expect(() =>
      assertComplete('predict of oats', index('./model.mjs', './model.onnx'), files),
    ).not.toThrow();
  });

  it('is refused with every import that its folder lacks', () => {
    const files = [program('model.mjs', './zod.mjs', './contract/index.mjs', 'left-pad')];

    expect(() => assertComplete('predict of oats', index('./model.mjs', './golden.json'), files)).toThrow(
      new Error(
        'the code of predict of oats is not complete: index.mjs imports ./golden.json; model.mjs imports ./zod.mjs; ' +
          'model.mjs imports ./contract/index.mjs; model.mjs imports left-pad, which its folder lacks',
      ),
    );
  });
});
