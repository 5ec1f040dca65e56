import type { TransformRequest } from './request.ts';

/** How a job cuts its input into requests. */
export interface Splitting {
  readonly split: TransformRequest['TransformInput']['SplitType'];
  readonly strategy: TransformRequest['BatchStrategy'];
  /** Bytes; 0 is no limit. */
  readonly limitBytes: number;
}

/** A record, or an object that is not split, is larger than a request may be. */
export class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
}

const NEWLINE = Buffer.from('\n');

/**
 * The requests that an object comes to: the whole of it, each of its lines, or as many lines as fit.
 * @throws {PayloadTooLarge}
 */
export function payloadsOf(body: Buffer, { split, strategy, limitBytes }: Splitting): readonly Buffer[] {
  const limit = limitBytes === 0 ? Number.POSITIVE_INFINITY : limitBytes;
  const records = split === 'None' ? [body] : linesOf(body);
  const payloads: Buffer[] = [];
  let together: Buffer[] = [];
  let size = 0;
  const close = (): void => {
    if (together.length > 0) payloads.push(Buffer.concat(together));
    together = [];
    size = 0;
  };
  for (const record of records) {
    if (record.length > limit)
      throw new PayloadTooLarge(`a record has ${record.length} bytes of at most ${limit}`);
    if (size + record.length > limit) close();
    together.push(record);
    size += record.length;
    if (strategy === 'SingleRecord') close();
  }
  close();
  return payloads;
}

/** The object that answers come to, in the order of their requests. */
export function assembled(
  answers: readonly Buffer[],
  assembleWith: TransformRequest['TransformOutput']['AssembleWith'],
): Buffer {
  return assembleWith === 'Line'
    ? Buffer.concat(answers.flatMap((answer) => [answer, NEWLINE]))
    : Buffer.concat(answers);
}

/** Lines with their ends; the last may have none. */
function linesOf(body: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const end = body.indexOf(NEWLINE, start);
    const next = end < 0 ? body.length : end + 1;
    lines.push(body.subarray(start, next));
    start = next;
  }
  return lines;
}
