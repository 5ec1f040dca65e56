import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allowedMethods, routesOf } from '../../../contract/api/routes.ts';
import { image, takesImages } from '../../../contract/fields/image.ts';
import { UnavailableUpload, UploadedFile } from '../../../contract/images/uploaded-file.ts';
import { openApiDocument } from '../../../contract/openapi/openapi.ts';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { parsePredictions } from '../../../contract/requests/requests.ts';
import { type FindUpload, withUploads } from '../../../contract/requests/upload-references.ts';
import { parseUpload } from '../../../contract/requests/uploads.ts';
import { model as barley } from '../../../models/barley-yield/model.ts';
import { model as canopy } from '../../../models/canopy-cover/model.ts';
import { asPng, inline, PLANT, picture } from '../../imaging/pictures.ts';

const png = asPng(picture(3, 2, () => PLANT));

function itemsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.errors.map(({ path, code }) => `${path} ${code}`);
    throw error;
  }
  return [];
}

describe('a request for an upload', () => {
  it('states what the model takes: a type and a length', () => {
    const request = { contentType: 'image/png', bytes: 20_000_000 };
    expect(parseUpload(canopy, request)).toEqual(request);
  });

  it.each([
    [{ contentType: 'image/gif', bytes: 10 }, ['/contentType unknown-category']],
    [{ contentType: 'image/png', bytes: 20_000_001 }, ['/bytes out-of-bounds']],
    [{ contentType: 'image/png', bytes: 0 }, ['/bytes out-of-bounds']],
    [{ contentType: 'image/png', bytes: '10' }, ['/bytes wrong-type']],
    [{ bytes: 10, name: 'a.png' }, ['/contentType missing-field', '/name unknown-field']],
  ])('is refused as %j', (body, items) => {
    expect(itemsOf(() => parseUpload(canopy, body))).toEqual(items);
  });

  it('is taken in every format, and of the length, that any field takes', () => {
    const input = z.strictObject({
      small: image({ description: 'Small', maxPixels: 100, maxBytes: 10, formats: ['image/png'] }),
      large: image({
        description: 'Large',
        maxPixels: 100,
        maxBytes: 20,
        formats: ['image/jpeg'],
      }).optional(),
    });
    expect(parseUpload({ input }, { contentType: 'image/png', bytes: 20 })).toMatchObject({ bytes: 20 });
    expect(parseUpload({ input }, { contentType: 'image/jpeg', bytes: 1 })).toMatchObject({ bytes: 1 });
    expect(itemsOf(() => parseUpload({ input }, { contentType: 'image/png', bytes: 21 }))).toHaveLength(1);
  });
});

describe('the route for uploads', () => {
  it('belongs to models that take images', () => {
    expect([takesImages(canopy), takesImages(barley)]).toEqual([true, false]);
    expect(routesOf(canopy).map(({ path }) => path)).toContain('/uploads');
    expect(routesOf(barley).map(({ path }) => path)).not.toContain('/uploads');
    expect(allowedMethods('/uploads')).toEqual(['POST']);
  });

  it('is in the OpenAPI document, with a schema that holds, of those models alone', () => {
    const document = openApiDocument(canopy, '/canopy-cover', 'api-key') as {
      paths: Record<string, { post: { operationId: string; responses: object } }>;
      components: { schemas: Record<string, object> };
    };
    expect(document.paths['/uploads']?.post.operationId).toBe('createUpload');
    expect(Object.keys(document.paths['/uploads']?.post.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '413', '422']),
    );
    const accepts = new Ajv2020({ strict: false }).compile({
      $ref: '#/components/schemas/UploadRequest',
      components: document.components,
    });
    expect(accepts({ contentType: 'image/jpeg', bytes: 12_345_678 })).toBe(true);
    expect(accepts({ contentType: 'image/webp', bytes: 1 })).toBe(false);
    expect(accepts({ contentType: 'image/jpeg', bytes: 20_000_001 })).toBe(false);

    const { paths, components } = openApiDocument(barley, '/barley-yield', 'api-key') as typeof document;
    expect(paths['/uploads']).toBeUndefined();
    expect(components.schemas.UploadRequest).toBeUndefined();
  });

  it('has lists of as many inputs as the images allow', () => {
    const listOf = (model: typeof canopy | typeof barley) =>
      JSON.stringify(openApiDocument(model, '/', 'api-key')).match(/"maxItems":(\d+)/)?.[1];
    expect([listOf(canopy), listOf(barley)]).toEqual(['16', '1000']);
  });
});

describe('uploads in a request', () => {
  const found: FindUpload = async (id) =>
    id === 'gone'
      ? new UnavailableUpload({ code: 'upload-not-found', detail: 'Gone.' })
      : new UploadedFile(png, 'image/png');

  it('take the place of their ids, beside images that are sent', async () => {
    const body = await withUploads(
      canopy,
      { inputs: [{ photo: { upload: 'a' } }, { photo: inline(png) }] },
      found,
    );
    const { inputs } = parsePredictions(canopy, body);
    expect(inputs).toMatchObject([{ photo: { width: 3, height: 2 } }, { photo: { width: 3, height: 2 } }]);
  });

  it('that can not be had are told together with everything else that is wrong', async () => {
    const sent = { inputs: [{ photo: { upload: 'gone' } }, { photo: { upload: 'a' }, soil: 'clay' }] };
    const body = await withUploads(canopy, sent, found);
    expect(itemsOf(() => parsePredictions(canopy, body))).toEqual([
      '/inputs/0/photo/upload upload-not-found',
      '/inputs/1/soil unknown-field',
    ]);
  });

  it('have to be what they were uploaded as', async () => {
    const body = await withUploads(canopy, { input: { photo: { upload: 'a' } } }, async () => {
      return new UploadedFile(png, 'image/jpeg');
    });
    expect(itemsOf(() => parsePredictions(canopy, body))).toEqual(['/input/photo image-format-mismatch']);
  });

  it('are fetched one by one, with the room that those before them have left', async () => {
    const rooms: number[] = [];
    await withUploads(canopy, { inputs: Array(3).fill({ photo: { upload: 'a' } }) }, async (_, maxBytes) => {
      rooms.push(maxBytes);
      return new UploadedFile(png, 'image/png');
    });
    expect(rooms).toEqual([20_000_000, 20_000_000 - png.length, 20_000_000 - 2 * png.length]);
  });

  it.each([
    ['a body that is no object', []],
    ['inputs that are no list', { inputs: { photo: { upload: 'a' } } }],
    ['an input that is no object', { input: 'photo' }],
    ['an id that is no string', { input: { photo: { upload: 1 } } }],
    ['an id beside data', { input: { photo: { upload: 'a', data: '' } } }],
    ['a field of no image', { input: { other: { upload: 'a' } } }],
    ['a list that is too long', { inputs: Array(17).fill({ photo: { upload: 'a' } }) }],
    [
      'an input beside a list that is too long',
      { input: { photo: { upload: 'a' } }, inputs: Array(17).fill({ photo: { upload: 'a' } }) },
    ],
  ])('are not looked for in %s', async (_, body) => {
    const never: FindUpload = () => Promise.reject(new Error('looked for'));
    expect(await withUploads(canopy, body, never)).toEqual(body);
  });

  it('are fetched for the longest list that is taken', async () => {
    const ids: string[] = [];
    await withUploads(canopy, { inputs: Array(16).fill({ photo: { upload: 'a' } }) }, async (id) => {
      ids.push(id);
      return new UploadedFile(png, 'image/png');
    });
    expect(ids).toHaveLength(16);
  });

  it('are not looked for where a model takes none', async () => {
    const body = { input: { site: { upload: 'a' } } };
    expect(await withUploads(barley, body, () => Promise.reject(new Error('looked for')))).toBe(body);
  });
});
