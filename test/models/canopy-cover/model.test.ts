import { describe, expect, it } from 'vitest';
import { validate } from '../../../contract/fields/validation.ts';
import { exampleInput } from '../../../contract/model/example-input.ts';
import { model } from '../../../models/canopy-cover/model.ts';
import { asPng, inline, PLANT, picture, SOIL } from '../../imaging/pictures.ts';

const input = (width: number, height: number) =>
  model.input.parse({ photo: inline(asPng(picture(width, height, (x) => (x < width / 2 ? PLANT : SOIL)))) });

describe('the tensors of photographs', () => {
  it('are their pixels, row by row, and how many there are', () => {
    expect(model.preprocess([input(2, 2)])).toEqual([
      {
        name: 'pixels',
        shape: [1, 4, 3],
        datatype: 'FP32',
        data: [...PLANT, ...SOIL, ...PLANT, ...SOIL],
      },
      { name: 'count', shape: [1, 1], datatype: 'FP64', data: [4] },
    ]);
  });

  it('of different sizes are filled up with black', () => {
    const [pixels, count] = model.preprocess([input(1, 1), input(2, 1)]);
    expect(pixels).toMatchObject({ shape: [2, 2, 3], data: [...PLANT, 0, 0, 0, ...PLANT, ...SOIL] });
    expect(count?.data).toEqual([1, 2]);
  });

  it('of a large photograph are those of 512 pixels along its longer side', () => {
    const [pixels, count] = model.preprocess([input(1024, 4)]);
    expect(pixels?.shape).toEqual([1, 512 * 2, 3]);
    expect(pixels?.data.slice(0, 6)).toEqual([...PLANT, ...PLANT]);
    expect(count?.data).toEqual([1024]);
  });
});

describe('the answer', () => {
  const example = { ...exampleInput(model), photo: exampleInput(model).photo.summary() };
  const answer = (...percent: number[]) =>
    model.postprocess(
      [{ name: 'percent', shape: [percent.length, 1], datatype: 'FP64', data: percent }],
      [example],
    );

  it('is a share in percent', () => {
    expect(answer(37.5)).toEqual([{ canopyCover: 37.5 }]);
    expect(validate(model.output, answer(37.5)[0]).ok).toBe(true);
  });

  it('is excluded by the contract where it is no share', () => {
    expect(validate(model.output, answer(100.5)[0]).ok).toBe(false);
  });
});
