import { describe, expect, it } from 'vitest';
import { lambdaArtifactProblems } from '../../../lib/validation/lambda-hosting-problems.ts';

const MB = 1024 * 1024;
const problems = (memoryMb: number, bytes: number) =>
  lambdaArtifactProblems({ mode: 'lambda', memoryMb }, 'model.onnx', bytes);

describe('an artifact inside a function', () => {
  it.each([
    ['a small one', 261, 1641],
    ['one of 20 MB', 356, 20 * MB],
    ['the largest', 1256, 200 * MB],
  ])('%s fits into the memory that it needs, and not into less', (_, memoryMb, bytes) => {
    expect(problems(memoryMb, bytes)).toEqual([]);
    expect(problems(memoryMb - 1, bytes)).toEqual([
      expect.stringContaining(`takes ${memoryMb} MB. Declare at least ${memoryMb}.`),
    ]);
  });

  it('has to leave room in the package, whatever the memory', () => {
    expect(problems(10_240, 200 * MB + 1)).toEqual([
      "model.onnx has 201 MB, and a function holds a model of at most 200 MB. Use { mode: 'serverless' } or { mode: 'realtime', … }.",
    ]);
  });
});
