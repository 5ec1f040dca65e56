import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { logger } from '../../../lambda/observability.ts';
import { checkModelData } from '../../../lambda/verification/check-model-data.ts';
import { NotYet, VerificationFailed } from '../../../lambda/verification/patience.ts';
import { storedSha256 } from '../../../lambda/verification/stored-checksum.ts';

const CONTENT = createHash('sha256').update('weights');
const SHA256 = CONTENT.copy().digest('hex');
const BASE64 = CONTENT.copy().digest('base64');
const DATA = { bucket: 'research-models', key: `yield/${SHA256}/model.tar.gz`, sha256: SHA256 };
const SIGNAL = AbortSignal.timeout(10_000);

afterEach(() => vi.restoreAllMocks());

/** Asks a server that answers as S3 does. */
async function asked(status: number, headers: Record<string, string>) {
  const requests: string[] = [];
  const server = createServer(({ method, url, headers: sent }, response) => {
    requests.push(`${method} ${url} ${sent['x-amz-checksum-mode']}`);
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const checksum = storedSha256(DATA, SIGNAL, {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  return { checksum: await checksum.catch((error: unknown) => error), requests };
}

describe('the checksum of an object', () => {
  it('is asked of S3 without reading the object', async () => {
    const whole = { 'x-amz-checksum-sha256': BASE64, 'x-amz-checksum-type': 'FULL_OBJECT' };
    const { checksum, requests } = await asked(200, whole);

    expect(checksum).toBe(SHA256);
    expect(requests).toEqual([`HEAD /research-models/${DATA.key} ENABLED`]);
  });

  it.each([
    ['with another checksum', { 'x-amz-checksum-crc64nvme': 'AAAA', 'x-amz-checksum-type': 'FULL_OBJECT' }],
    ['in parts', { 'x-amz-checksum-sha256': `${BASE64}-2`, 'x-amz-checksum-type': 'COMPOSITE' }],
  ])('is none of the whole object where that was uploaded %s', async (_, headers) => {
    expect((await asked(200, headers)).checksum).toBeUndefined();
  });

  it.each([403, 404, 500])('is asked for a few times where S3 answers %i', async (status) => {
    const { checksum } = await asked(status, {});

    expect(checksum).toBeInstanceOf(NotYet);
    expect(checksum).toMatchObject({ message: `S3 answers with the status ${status}`, attempts: 5 });
  });
});

describe('the check of model data', () => {
  const patience = { signal: SIGNAL, pause: async () => undefined };
  const place = `s3://research-models/${DATA.key}`;

  it('passes where S3 holds what is declared, and says nothing', async () => {
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => {});
    await checkModelData(patience, DATA, async () => SHA256);

    expect(warn).not.toHaveBeenCalled();
  });

  it('fails the deployment where it is another object', async () => {
    const other = 'f'.repeat(64);

    await expect(checkModelData(patience, DATA, async () => other)).rejects.toThrow(
      new VerificationFailed(
        `The model data ${place} have the SHA-256 ${other}, and not ${SHA256} as declared: the object is another one than this deployment is about.`,
      ),
    );
  });

  it.each([
    ['holds none', async () => undefined, 'S3 holds no SHA-256 of the whole object'],
    [
      'does not say',
      async () => Promise.reject(new NotYet('S3 answers with the status 403', 3)),
      'S3 answers with the status 403',
    ],
  ])('is left to whoever uploads where S3 %s, and the log says so', async (_, stored, reason) => {
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => {});
    await checkModelData(patience, DATA, stored);

    expect(warn).toHaveBeenCalledWith('model data not checked', { place, reason });
  });
});
