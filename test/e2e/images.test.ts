import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { encode } from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FunctionName } from '../../lib/features/functions.ts';
import { type Colour, pngOf } from '../imaging/pictures.ts';
import type { Answer } from './client.ts';
import { type LocalRun, startRun } from './run.ts';

const MODEL = 'canopy-cover';
const PLANT: Colour = [60, 150, 45];
const SOIL: Colour = [170, 90, 100];

/** Side of the squares of plant and of soil, in pixels: a multiple of 3 and 4, which are averaged into one, and of JPEG's 8. */
const SQUARE = 96;
/** How far a colour is from that of its square, at most: so much that nothing compresses it. */
const NOISE = 40;

/** What JPEG makes of the noise may move a pixel in ten thousand across the threshold. */
const CODEC_PERCENT = 0.05;

let run: LocalRun;

beforeAll(async () => {
  run = await startRun(inject('assembly'));
});
afterAll(() => run.close());

const client = () => run.client(MODEL);
const predict = (photo: object) => client().predict({ input: { photo } });
const inline = (file: Uint8Array) => ({ data: Buffer.from(file).toString('base64') });
const itemsOf = ({ body }: Answer) =>
  (body.errors as { path: string; code: string }[]).map(({ path, code }) => `${path} ${code}`);

interface Photograph {
  readonly file: Buffer;
  /** The share of plant that it was made with. */
  readonly percent: number;
}

// Made before anything is sent: a connection would be closed for idleness while this process is busy with them.
const jpegOf4Mb = photograph(1536, 1024, 'jpeg');
const pngOf12Mb = photograph(3072, 1440, 'png');
const bomb = pngOf({ width: 100, height: 100 }, Buffer.alloc(100_000_000));

/** Squares of plant and soil with noise in every colour; the same for the same size. */
function photograph(width: number, height: number, format: 'jpeg' | 'png'): Photograph {
  const rgba = Buffer.alloc(width * height * 4, 255);
  const across = Math.ceil(width / SQUARE);
  let seed = 7;
  let plant = 0;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const square =
      Math.floor(Math.floor(pixel / width) / SQUARE) * across + Math.floor((pixel % width) / SQUARE);
    const isPlant = square % 3 === 0;
    if (isPlant) plant += 1;
    const colour = isPlant ? PLANT : SOIL;
    for (let channel = 0; channel < 3; channel += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      rgba[pixel * 4 + channel] = (colour[channel] ?? 0) + (seed / 2 ** 32 - 0.5) * 2 * NOISE;
    }
  }
  const file =
    format === 'jpeg' ? encode({ data: rgba, width, height }, 99).data : asNoisyPng(rgba, width, height);
  return { file, percent: (100 * plant) / (width * height) };
}

/** A file of three bytes a pixel, almost as large as its pixels: nobody can compress the noise. */
function asNoisyPng(rgba: Buffer, width: number, height: number): Buffer {
  const lines = Buffer.alloc(height * (1 + width * 3));
  let to = 0;
  for (let from = 0; from < rgba.length; from += 4) {
    if (from % (width * 4) === 0) to += 1;
    for (let channel = 0; channel < 3; channel += 1) lines[to + channel] = rgba[from + channel] ?? 0;
    to += 3;
  }
  return pngOf({ width, height }, lines);
}

async function offer(contentType: string, bytes: number): Promise<Answer['body']> {
  const { status, body } = await client().post('/uploads', { contentType, bytes });
  expect(status).toBe(201);
  return body;
}

const send = ({ url, method, headers }: Answer['body'], file: Uint8Array) =>
  fetch(url, { method, headers, body: Buffer.from(file) });

async function uploaded(file: Uint8Array, contentType: string): Promise<{ readonly upload: string }> {
  const offered = await offer(contentType, file.length);
  const { status } = await send(offered, file);
  expect(status).toBe(200);
  return { upload: offered.uploadId };
}

describe('a photograph of 4 MB', () => {
  it('is answered with the cover that it was made with', async () => {
    const { file, percent } = jpegOf4Mb;
    expect(Math.round(file.length / 1e6)).toBe(4);

    const { status, body } = await predict(inline(file));
    expect(status).toBe(200);
    expect(body.prediction.canopyCover.unit).toBe('%');
    expect(Math.abs(body.prediction.canopyCover.value - percent)).toBeLessThan(CODEC_PERCENT);
    const stored = await client().get(`/predictions/${body.predictionId}`);
    expect(stored.body.input.photo).toEqual({
      format: 'image/jpeg',
      width: 1536,
      height: 1024,
      bytes: file.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('a photograph of 12 MB', () => {
  it('is too large for a request, whose answer names the route that takes it', async () => {
    const { file, percent } = pngOf12Mb;
    expect(Math.floor(file.length / 1e6)).toBe(12);

    const refused = await predict(inline(file));
    expect(refused).toMatchObject({ status: 413, body: { code: 'payload-too-large' } });
    expect(refused.body.detail).toContain('POST /uploads');

    const { status, body } = await predict(await uploaded(file, 'image/png'));
    expect(status).toBe(200);
    expect(body.prediction.canopyCover.value).toBeCloseTo(percent, 9);
  });

  it.each([5_600_000, 8_000_000])(
    'is not alone in that: a body of %i bytes is told so too',
    async (bytes) => {
      const refused = await client().post(
        '/predictions',
        `{"input":{"photo":{"data":"${'A'.repeat(bytes)}"}}}`,
      );
      expect(refused).toMatchObject({ status: 413, body: { code: 'payload-too-large' } });
      expect(refused.body.detail).toContain('POST /uploads');
    },
  );
});

describe('what is no photograph', () => {
  const { file: jpeg } = photograph(128, 128, 'jpeg');

  it('as a JPEG that was cut off is told so', async () => {
    const answer = await predict(inline(jpeg.subarray(0, jpeg.length / 2)));
    expect([answer.status, ...itemsOf(answer)]).toEqual([422, '/input/photo/data image-truncated']);
  });

  it('as a PNG that unpacks without end is stopped', async () => {
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await predict(inline(bomb));
    expect([answer.status, ...itemsOf(answer)]).toEqual([422, '/input/photo image-corrupt']);
    const honest = pngOf({ width: 50_000, height: 50_000 }, Buffer.alloc(1));
    expect(itemsOf(await predict(inline(honest)))).toEqual(['/input/photo/data image-too-many-pixels']);
  });

  it('as a text file that is named .jpg is told so, sent or uploaded', async () => {
    const text = Buffer.from('plot;cover\n7;43\n');
    expect(itemsOf(await predict(inline(text)))).toEqual(['/input/photo/data not-an-image']);
    const answer = await predict(await uploaded(text, 'image/jpeg'));
    expect([answer.status, ...itemsOf(answer)]).toEqual([422, '/input/photo not-an-image']);
  });
});

describe('an upload', () => {
  const file = pngOf({ width: 2, height: 1 }, Uint8Array.of(0, ...PLANT, ...SOIL));

  it('is taken as it was announced and in no other way', async () => {
    const offered = await offer('image/png', file.length);
    const longer = Buffer.concat([file, Buffer.of(0)]);
    const otherLength = { ...offered, headers: { 'content-type': 'image/png' } };
    expect((await send(otherLength, longer)).status).toBe(403);
    const otherType = { ...offered, headers: { 'content-type': 'image/jpeg' } };
    expect((await send(otherType, file)).status).toBe(403);
    expect((await send(offered, file)).status).toBe(200);
    expect((await fetch(offered.url)).status).toBe(403);
    const { body } = await predict({ upload: offered.uploadId });
    expect(body.prediction.canopyCover).toEqual({ value: 50, unit: '%' });
  });

  it('that was offered but not sent, or that nobody offered, is not found', async () => {
    const { uploadId } = await offer('image/png', file.length);
    for (const upload of [uploadId, '01KAQJ0M6QTZB7V5W0X9Y2N3RD', 'plot.jpg']) {
      const answer = await predict({ upload });
      expect([answer.status, ...itemsOf(answer)]).toEqual([422, '/input/photo/upload upload-not-found']);
    }
  });

  it('has the format and the size that the model takes', async () => {
    const answer = await client().post('/uploads', { contentType: 'image/webp', bytes: 20_000_001 });
    expect([answer.status, ...itemsOf(answer)]).toEqual([
      422,
      '/contentType unknown-category',
      '/bytes out-of-bounds',
    ]);
  });

  it('is a route of models that take images alone', async () => {
    const answer = await run.client('barley-yield').post('/uploads', { contentType: 'image/png', bytes: 1 });
    expect(answer).toMatchObject({ status: 404, body: { code: 'route-not-found' } });
  });
});

describe('the roles that touch uploads', () => {
  const KEY = 'uploads/somebody/something';

  /** What a function's role may do with an object. */
  async function attempts(fn: FunctionName): Promise<Record<string, string>> {
    const bucket = run.resource(MODEL, 'AWS::S3::Bucket');
    const s3 = new S3Client({
      endpoint: run.frontDoorUrl,
      region: 'us-east-1',
      credentials: run.credentialsOf(MODEL, fn),
      maxAttempts: 1,
    });
    const outcome = (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        (error: Error) => error.name,
      );
    return {
      put: await outcome(s3.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body: 'x' }))),
      putElsewhere: await outcome(s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'x', Body: 'x' }))),
      get: await outcome(s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'uploads/nothing/here' }))),
    };
  }

  it('put below the folder, or read it, and nothing else', async () => {
    const denied = 'AccessDenied';
    expect(await attempts('upload')).toEqual({ put: 'done', putElsewhere: denied, get: denied });
    expect(await attempts('predict')).toEqual({ put: denied, putElsewhere: denied, get: 'NoSuchKey' });
    for (const fn of ['feedback', 'get-prediction', 'describe', 'drain', 'health'] as const) {
      expect(await attempts(fn)).toEqual({ put: denied, putElsewhere: denied, get: denied });
    }
  });
});

describe('the function that decodes', () => {
  it('stayed within its memory, whatever it was sent', async () => {
    const reports = await run.logLines(
      (line) => line.includes(`${MODEL}-Functionspredict`) && line.includes('REPORT RequestId'),
    );
    const peaks = reports.map((line) => Number(/Max Memory Used: (\d+) MB/.exec(line)?.[1]));
    expect(peaks.length).toBeGreaterThan(10);
    for (const line of reports) expect(line).toContain('Memory Size: 2048 MB');
    expect(Math.max(...peaks)).toBeLessThan(800);
  });

  it('logged no byte of an image and no URL', async () => {
    const lines = await run.logLines((line) => line.includes(MODEL));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(line).not.toMatch(/X-Amz-Signature|iVBORw0KGgo|\/9j\//);
      expect(line.length).toBeLessThan(4000);
    }
  });
});
