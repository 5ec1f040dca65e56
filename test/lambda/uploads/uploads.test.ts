import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { logger } from '../../../lambda/observability.ts';
import { readRequest } from '../../../lambda/prediction/read-request.ts';
import { upload } from '../../../lambda/uploads/upload.ts';
import { uploadKey } from '../../../lambda/uploads/upload-key.ts';
import type { StoredUpload, Uploads, UploadTerms } from '../../../lambda/uploads/uploads.ts';
import { model } from '../../../models/canopy-cover/model.ts';
import { asPng, PLANT, picture } from '../../imaging/pictures.ts';
import { computed, request } from '../support/ports.ts';

const OFFERED_AT = Date.parse('2026-05-04T03:02:01Z');
/** A ULID of that time. */
const ID = '01KQREZ0180000000000000000';
const png = asPng(picture(3, 2, () => PLANT));
const HOUR_MS = 3_600_000;

let objects: Map<string, StoredUpload>;
let signed: UploadTerms[];
let now: number;

beforeEach(() => {
  objects = new Map();
  signed = [];
  now = OFFERED_AT;
});
afterEach(() => vi.restoreAllMocks());

const uploads: Uploads = {
  read: async (key, maxBytes) => {
    const found = objects.get(key);
    return found !== undefined && found.content.length > maxBytes ? { bytes: found.content.length } : found;
  },
};
const sign = async (terms: UploadTerms) => {
  signed.push(terms);
  return 'https://bucket.example/signed?X-Amz-Signature=secret';
};

const offer = (body: unknown, identity = 'key-1') =>
  upload({ model, sign, now: () => now, newId: () => ID }, request({ body: JSON.stringify(body), identity }));
const read = (photo: object, identity = 'key-1') =>
  readRequest(
    { model, uploads, now: () => now },
    request({ body: JSON.stringify({ input: { photo } }), identity }),
  );

async function problemOf(answer: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await answer.then(
    () => 'answered',
    (reason) => reason,
  );
  if (error instanceof ProblemError) return error;
  throw new Error(`not a problem: ${error}`);
}

describe('POST /uploads', () => {
  it('answers a URL for one file of the type and length that were stated, for a quarter of an hour', async () => {
    expect(await offer({ contentType: 'image/png', bytes: 321 })).toEqual({
      status: 201,
      body: {
        uploadId: ID,
        url: 'https://bucket.example/signed?X-Amz-Signature=secret',
        method: 'PUT',
        headers: { 'Content-Type': 'image/png', 'Content-Length': '321' },
        expiresAt: '2026-05-04T03:17:01.000Z',
      },
    });
    expect(signed).toEqual([
      { key: uploadKey('key-1', ID), contentType: 'image/png', bytes: 321, expiresInSeconds: 900 },
    ]);
  });

  it('signs nothing that the model would not take', async () => {
    const problem = await problemOf(offer({ contentType: 'image/png', bytes: 20_000_001 }));
    expect(problem).toMatchObject({
      code: 'invalid-input',
      errors: [{ path: '/bytes', code: 'out-of-bounds' }],
    });
    expect(signed).toEqual([]);
  });

  it('logs the id and never the URL, which whoever has it could use', async () => {
    const log = vi.spyOn(logger, 'info');
    await offer({ contentType: 'image/png', bytes: 321 });
    expect(JSON.stringify(log.mock.calls)).toContain(ID);
    expect(JSON.stringify(log.mock.calls)).not.toContain('Signature');
  });
});

describe('the key of an upload', () => {
  it('is that of its caller and its id, and names nobody', () => {
    const key = uploadKey('arn:aws:iam::1:user/ann', ID);
    expect(key).toMatch(new RegExp(`^uploads/[0-9a-f]{32}/${ID}$`));
    expect(uploadKey('arn:aws:iam::1:user/bob', ID)).not.toBe(key);
    expect(uploadKey('arn:aws:iam::1:user/ann', ID)).toBe(key);
  });
});

describe('an upload in a prediction', () => {
  beforeEach(() => {
    objects.set(uploadKey('key-1', ID), { contentType: 'image/png', content: png });
  });

  it('is read for who uploaded it, whatever the case of its id', async () => {
    const { inputs } = await read({ upload: ID.toLowerCase() });
    expect(inputs).toMatchObject([{ photo: { format: 'image/png', width: 3, height: 2 } }]);
  });

  it('of somebody else is as good as none', async () => {
    const foreign = await problemOf(read({ upload: ID }, 'key-2'));
    objects.clear();
    const missing = await problemOf(read({ upload: ID }));
    expect(foreign.errors).toEqual(missing.errors);
    expect(missing.errors).toMatchObject([
      {
        path: '/input/photo/upload',
        code: 'upload-not-found',
        detail: expect.stringContaining('Nothing was uploaded under this id by this caller, or not yet.'),
      },
    ]);
  });

  it('can be used for a day, and no longer, although it may still lie there', async () => {
    now = OFFERED_AT + 24 * HOUR_MS;
    expect((await read({ upload: ID })).inputs).toHaveLength(1);
    now += 1;
    expect((await problemOf(read({ upload: ID }))).errors).toMatchObject([
      { code: 'upload-not-found', detail: expect.stringContaining('expired: they are kept for 24 hours') },
    ]);
  });

  it('is not looked for under what is no id', async () => {
    const reading = vi.spyOn(uploads, 'read');
    expect((await problemOf(read({ upload: '../../etc' }))).errors).toMatchObject([
      { code: 'upload-not-found' },
    ]);
    expect(reading).not.toHaveBeenCalled();
  });

  it('is not fetched for a list that is too long, which is told so', async () => {
    const reading = vi.spyOn(uploads, 'read');
    for (const first of [{ photo: { upload: ID } }, 'no input']) {
      const inputs = [first, ...Array(16).fill({ photo: { upload: ID } })];
      const body = JSON.stringify({ inputs });
      expect(
        await problemOf(readRequest({ model, uploads, now: () => now }, request({ body }))),
      ).toMatchObject({
        code: 'too-many-inputs',
        errors: [{ path: '/inputs', code: 'out-of-bounds', detail: 'At most 16 inputs.' }],
      });
    }
    expect(reading).not.toHaveBeenCalled();
  });

  it('that is too large is refused by its length', async () => {
    objects.set(uploadKey('key-1', ID), { contentType: 'image/png', content: new Uint8Array(20_000_001) });
    expect((await problemOf(read({ upload: ID }))).errors).toMatchObject([{ code: 'image-too-many-bytes' }]);
  });

  it('may be tried again when the bucket can not be reached, and not when this side is set up wrongly', async () => {
    const failing = vi.spyOn(uploads, 'read').mockRejectedValue(new Error('socket hang up'));
    expect(await problemOf(read({ upload: ID }))).toMatchObject({
      code: 'store-unavailable',
      retryAfterSeconds: 2,
    });
    for (const name of ['AccessDenied', 'NoSuchBucket']) {
      const permanent = Object.assign(new Error(name), { name });
      failing.mockRejectedValue(permanent);
      await expect(read({ upload: ID })).rejects.toBe(permanent);
    }
  });
});

describe('a body that is too large', () => {
  const body = `{"input":{"photo":{"data":"${'A'.repeat(5_500_000)}"}}}`;

  it('is told of the route that takes its image', async () => {
    const problem = await problemOf(readRequest({ model, uploads, now: Date.now }, request({ body })));
    expect(problem).toMatchObject({
      code: 'payload-too-large',
      message: expect.stringContaining('POST /uploads'),
    });
  });

  it('is told to send less where there are no images', async () => {
    const problem = await problemOf(readRequest({ model: computed, now: Date.now }, request({ body })));
    expect(problem).toMatchObject({
      code: 'payload-too-large',
      message: expect.stringContaining('Send fewer inputs in one request.'),
    });
  });
});
