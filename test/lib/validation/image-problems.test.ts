import { describe, expect, it } from 'vitest';
import { imageProblems } from '../../../lib/validation/image-problems.ts';
import { SERVERLESS_HOSTING } from '../support/hosting.ts';
import { artifactModel, imageModel } from '../support/models.ts';

const problems = (memoryMb: number, model = imageModel) =>
  imageProblems({ model, settings: { hosting: { mode: 'lambda', memoryMb } } });

describe('a function that decodes images', () => {
  it('needs memory for the largest of them', () => {
    expect(problems(912)).toEqual([]);
    expect(problems(911)).toEqual([
      'hosting.memoryMb is 911, and decoding the largest image that the model takes needs 912 MB. Declare at least 912, or a smaller maxPixels in model.ts.',
    ]);
  });

  it('is sized by itself where it holds no model', () => {
    expect(imageProblems({ model: imageModel, settings: { hosting: SERVERLESS_HOSTING } })).toEqual([]);
  });

  it('is none where the model takes no images', () => {
    expect(
      imageProblems({ model: artifactModel, settings: { hosting: { mode: 'lambda', memoryMb: 128 } } }),
    ).toEqual([]);
  });
});
