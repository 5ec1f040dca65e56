import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withUnits } from '../../../contract/api/answers.ts';
import { image } from '../../../contract/fields/image.ts';
import { inputJsonSchema } from '../../../contract/fields/json-schema.ts';
import { validate } from '../../../contract/fields/validation.ts';
import type { ReceivedImage } from '../../../contract/images/received-image.ts';
import { UnavailableUpload, UploadedFile } from '../../../contract/images/uploaded-file.ts';
import { type ContractError, defineModel } from '../../../contract/model/model.ts';
import { asJpeg, asPng, inline, PLANT, picture } from '../../imaging/pictures.ts';

const schema = z.strictObject({
  photo: image({ description: 'A photograph', maxPixels: 1000, maxBytes: 5000 }),
  second: image({ description: 'Another', maxPixels: 1000, formats: ['image/jpeg'] }).optional(),
});
const raster = picture(20, 10, () => PLANT);
const jpeg = asJpeg(raster);
const png = asPng(raster);

function read(photo: unknown): ReceivedImage {
  const result = validate(schema, { photo });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value.photo;
}

function problem(photo: unknown) {
  const result = validate(schema, { photo }, '/input');
  return result.ok ? undefined : result.errors[0];
}

describe('an image field', () => {
  it.each([
    ['image/jpeg', jpeg],
    ['image/png', png],
  ])('takes %s in base64, and knows its size without decoding it', (format, file) => {
    const received = read(inline(file));
    expect(received).toMatchObject({ format, width: 20, height: 10 });
    expect(Buffer.compare(received.content, file)).toBe(0);
  });

  it('takes an uploaded file in the place of its id', () => {
    expect(read(new UploadedFile(png, 'image/png'))).toMatchObject({ format: 'image/png', width: 20 });
  });

  it.each([
    ['nothing', undefined, '', 'missing-field'],
    ['a string', 'photo.jpg', '', 'wrong-type'],
    ['an empty object', {}, '', 'missing-field'],
    ['both forms', { data: '', upload: '' }, '', 'conflicting-fields'],
    ['another field', { data: 'AAAA', name: 'a.jpg' }, '/name', 'unknown-field'],
    ['a number as data', { data: 1 }, '/data', 'wrong-type'],
    ['no data', { data: '' }, '/data', 'not-an-image'],
    ['a data URL', { data: `data:image/png;base64,${png.toString('base64')}` }, '/data', 'invalid-base64'],
    [
      'base64 in lines',
      { data: png.toString('base64').replace(/(.{76})/g, '$1\n') },
      '/data',
      'invalid-base64',
    ],
    ['base64 of the URL-safe alphabet', { data: '_-__' }, '/data', 'invalid-base64'],
    ['base64 without its end', { data: png.toString('base64').slice(0, -1) }, '/data', 'invalid-base64'],
    ['a number as upload', { upload: 1 }, '/upload', 'wrong-type'],
    [
      'an upload that nobody looked up',
      { upload: '01KAQJ0M6QTZB7V5W0X9Y2N3RD' },
      '/upload',
      'upload-not-found',
    ],
    ['what is no id', { upload: '../secret' }, '/upload', 'upload-not-found'],
    [
      'an upload that is gone',
      new UnavailableUpload({ code: 'upload-not-found', detail: 'It has expired.' }),
      '/upload',
      'upload-not-found',
    ],
  ])('refuses %s', (_, photo, path, code) => {
    expect(problem(photo)).toMatchObject({ path: `/input/photo${path}`, code });
  });

  it('says what base64 lacks', () => {
    expect(problem({ data: 'AAA\nAAAA' })?.detail).toContain('it has line breaks');
    expect(problem({ data: 'AAAAA' })?.detail).toContain('its length is not a multiple of four');
    expect(problem({ data: 'AA!A' })?.detail).toContain('it has characters that base64 does not have');
  });

  it('refuses a format that the field does not take', () => {
    const result = validate(schema, { photo: inline(png), second: inline(png) });
    expect(result).toMatchObject({
      ok: false,
      errors: [
        {
          path: '/second/data',
          code: 'image-format-unsupported',
          detail: 'Got a PNG image. Convert it to JPEG and send that.',
        },
      ],
    });
  });

  it('refuses more pixels and more bytes than it takes, and says what would do', () => {
    const large = asPng(picture(50, 40, () => PLANT));
    expect(problem(inline(large))).toEqual({
      path: '/input/photo/data',
      code: 'image-too-many-pixels',
      detail: 'Got 50 × 40 pixels. Scale it down to at most 1000 pixels, such as 35 × 28.',
    });
    expect(problem(inline(Buffer.alloc(5001)))).toMatchObject({ code: 'image-too-many-bytes' });
  });
});

describe('what is kept of an image', () => {
  const summary = { format: 'image/png', width: 20, height: 10, bytes: png.length };

  it('is format, size, length and digest, in records and in JSON', () => {
    const received = read(inline(png));
    const { photo } = withUnits(schema, { photo: received });
    expect(photo).toMatchObject(summary);
    expect(photo).toHaveProperty('sha256', expect.stringMatching(/^[0-9a-f]{64}$/));
    expect(JSON.parse(JSON.stringify({ received })).received).toEqual(photo);
  });

  it('is the same digest for the same file, and another for another', () => {
    expect(read(inline(png)).summary().sha256).toBe(read(inline(png)).summary().sha256);
    expect(read(inline(png)).summary().sha256).not.toBe(read(inline(jpeg)).summary().sha256);
  });

  it('holds nothing of the picture, however it is written down', () => {
    const received = read(inline(png));
    const written =
      JSON.stringify(received) + inspect(received, { depth: 9, showHidden: true }) + String(received);
    expect(written).not.toContain(png.toString('base64').slice(60, 80));
    expect(written.length).toBeLessThan(400);
    expect(Object.keys(received)).toEqual(['format', 'width', 'height']);
  });
});

describe('an image in JSON Schema', () => {
  it('is a file or an upload, with its limits', () => {
    const { properties } = inputJsonSchema(schema) as { properties: Record<string, Record<string, unknown>> };
    const { photo, second } = properties;
    expect(photo).toMatchObject({
      description: 'A photograph [JPEG or PNG]',
      'x-image': { formats: ['image/jpeg', 'image/png'], maxPixels: 1000, maxBytes: 5000 },
      oneOf: [
        { required: ['data'], properties: { data: { contentEncoding: 'base64', maxLength: 6668 } } },
        { required: ['upload'] },
      ],
    });
    expect(second).toMatchObject({ 'x-image': { formats: ['image/jpeg'], maxBytes: 25_000_000 } });
  });
});

describe('a model with an image', () => {
  const photo = image({ description: 'A photograph', maxPixels: 1000 });
  const brightness = z.number().meta({ description: 'Brightness', examples: [1] });
  const about = {
    name: 'brightness',
    version: '1.0.0',
    title: 'Brightness',
    description: 'How bright it is.',
  };
  const problemsOf = (declare: () => unknown): readonly string[] => {
    try {
      declare();
      return [];
    } catch (error) {
      return (error as ContractError).problems;
    }
  };

  it('proves itself with an example image of its own accord', () => {
    const model = defineModel({
      ...about,
      input: z.strictObject({ photo }),
      output: z.object({ brightness }),
      predict: ({ photo: received }) => ({ brightness: received.width }),
    });
    expect(model.predict(model.input.parse({ photo: inline(png) }))).toEqual({ brightness: 20 });
  });

  it('is told of limits that are none, of an output that is an image, and of an example that it would refuse', () => {
    const problems = problemsOf(() =>
      defineModel({
        ...about,
        input: z.strictObject({
          photo: image({ description: 'A photograph', maxPixels: 0.5 }),
          other: image({ description: 'A photograph', maxPixels: 100, formats: ['image/jpeg'] }),
        }),
        output: z.object({ photo }),
        predict: ({ photo: received }) => ({ photo: received }),
      }),
    );
    expect(problems).toEqual([
      'input.photo: maxPixels (0.5) is not a whole number above 0',
      'output.photo: an image can be an input only',
      expect.stringContaining('the example at /input/photo/data: Got 4 × 4 pixels.'),
      expect.stringContaining('the example at /input/other/data: Got a PNG image.'),
    ]);
  });
});
