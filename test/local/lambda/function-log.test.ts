import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { eachLine, jsonLog, type Report, TEXT_LOG } from '../../../local/lambda/function-log.ts';

const report: Report = {
  requestId: 'id',
  durationMs: 12.3456,
  memoryMb: 512,
  peakMemoryMb: 71,
  initDurationMs: 100.1,
  status: 'error',
  errorType: 'TypeError',
  traceId: '1-a-b',
};

describe('the platform lines', () => {
  test('as text', () => {
    expect(TEXT_LOG.start('id', '$LATEST')).toBe('START RequestId: id Version: $LATEST');
    expect(TEXT_LOG.end(report)).toEqual([
      'END RequestId: id',
      'REPORT RequestId: id\tDuration: 12.35 ms\tBilled Duration: 113 ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB\tInit Duration: 100.10 ms\tXRAY TraceId: 1-a-b\tStatus: error\tError Type: TypeError',
    ]);
    const quiet = {
      ...report,
      initDurationMs: undefined,
      traceId: undefined,
      status: 'success',
      errorType: undefined,
    } as const;
    expect(TEXT_LOG.end(quiet)[1]).toMatch(/Billed Duration: 13 ms.*Max Memory Used: 71 MB$/);
  });

  test('as JSON', () => {
    const [line = ''] = jsonLog(() => 0).end(report);

    expect(JSON.parse(line)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      type: 'platform.report',
      record: {
        requestId: 'id',
        status: 'error',
        errorType: 'TypeError',
        metrics: {
          durationMs: 12.346,
          billedDurationMs: 113,
          memorySizeMB: 512,
          maxMemoryUsedMB: 71,
          initDurationMs: 100.1,
        },
      },
    });
  });
});

test('lines are put together from whatever chunks arrive, characters included', async () => {
  const bytes = Buffer.from('first é\nsecond\rwith more\nlast');
  const chunks = [...bytes].map((byte) => Buffer.from([byte]));
  const lines: string[] = [];
  const stream = Readable.from(chunks, { objectMode: false });
  eachLine(stream, (line) => lines.push(line));
  await new Promise((resolve) => stream.once('close', resolve));

  expect(lines).toEqual(['first é', 'second\n\twith more', 'last']);
});
