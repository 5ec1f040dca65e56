import type { Readable } from 'node:stream';

/** What Lambda's report of one invocation says; durations in milliseconds. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly peakMemoryMb: number;
  /** Only at an environment's first invocation. */
  readonly initDurationMs: number | undefined;
  readonly status: 'success' | 'error' | 'timeout';
  readonly errorType: string | undefined;
  readonly traceId: string | undefined;
}

/** The lines that Lambda itself adds to a function's log, in one of its two formats. */
export interface PlatformLog {
  start(requestId: string, version: string): string;
  /** One or more lines. */
  end(report: Report): readonly string[];
}

export const TEXT_LOG: PlatformLog = {
  start: (requestId, version) => `START RequestId: ${requestId} Version: ${version}`,
  end: (report) => {
    const fields = [
      `REPORT RequestId: ${report.requestId}`,
      `Duration: ${report.durationMs.toFixed(2)} ms`,
      `Billed Duration: ${billed(report)} ms`,
      `Memory Size: ${report.memoryMb} MB`,
      `Max Memory Used: ${report.peakMemoryMb} MB`,
    ];
    if (report.initDurationMs !== undefined)
      fields.push(`Init Duration: ${report.initDurationMs.toFixed(2)} ms`);
    if (report.traceId !== undefined) fields.push(`XRAY TraceId: ${report.traceId}`);
    if (report.status !== 'success') fields.push(`Status: ${report.status}`);
    if (report.errorType !== undefined) fields.push(`Error Type: ${report.errorType}`);
    return [`END RequestId: ${report.requestId}`, fields.join('\t')];
  },
};

/** @param now milliseconds since the epoch */
export function jsonLog(now: () => number): PlatformLog {
  const line = (type: string, record: object) =>
    JSON.stringify({ time: new Date(now()).toISOString(), type, record });
  return {
    start: (requestId, version) => line('platform.start', { requestId, version }),
    end: (report) => [
      line('platform.report', {
        requestId: report.requestId,
        metrics: {
          durationMs: Number(report.durationMs.toFixed(3)),
          billedDurationMs: billed(report),
          memorySizeMB: report.memoryMb,
          maxMemoryUsedMB: report.peakMemoryMb,
          initDurationMs: report.initDurationMs,
        },
        status: report.status,
        errorType: report.errorType,
      }),
    ],
  };
}

function billed(report: Report): number {
  return Math.ceil(report.durationMs + (report.initDurationMs ?? 0));
}

/**
 * Calls back for every line of a stream, and for an unfinished one at its end.
 * The managed runtime keeps a message of several lines one event by carriage returns; here they become indented lines.
 */
export function eachLine(stream: Readable, callback: (line: string) => void): void {
  let rest = '';
  const emit = (line: string) => callback(line.replace(/\r$/, '').replace(/\r/g, '\n\t'));
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(line);
  });
  stream.on('end', () => {
    if (rest !== '') emit(rest);
  });
}
