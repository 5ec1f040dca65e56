/** A line of a file, without its end. */
export interface Line {
  /** Counted from 1, blank lines too. */
  readonly number: number;
  /** What it says; undefined where it can't be had. */
  readonly text: string | undefined;
  /** Why it can't. */
  readonly flaw?: 'too-long' | 'not-utf8';
  /** Bytes, without the line's end. */
  readonly size: number;
  /** The offset in the file at which the next line begins. */
  readonly end: number;
}

/** Where in a file to begin: after so many bytes, which hold so many lines. */
export interface Position {
  readonly offset: number;
  readonly line: number;
}

const NEWLINE = 0x0a;
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The lines of a file that arrives in pieces; blank ones are left out. No more than one line is held at a time, and of a
 * line with more than `limitBytes` nothing: how long it is shows without it.
 */
export async function* linesOf(
  content: AsyncIterable<Uint8Array>,
  limitBytes: number,
  begin: Position = { offset: 0, line: 0 },
): AsyncGenerator<Line> {
  let { offset, line: number } = begin;
  let held: Uint8Array[] = [];
  let size = 0;
  const take = (piece: Uint8Array): void => {
    size += piece.length;
    if (size <= limitBytes) held.push(piece);
    else held = [];
  };
  const finish = (ended: number): Line => {
    offset += size + ended;
    number += 1;
    const line = { number, size, end: offset, ...read(held, size, limitBytes) };
    held = [];
    size = 0;
    return line;
  };
  for await (const chunk of content) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      start = at + 1;
      const line = finish(1);
      if (!isBlank(line)) yield line;
    }
    take(chunk.subarray(start));
  }
  if (size === 0) return;
  const last = finish(0);
  if (!isBlank(last)) yield last;
}

function read(held: readonly Uint8Array[], size: number, limitBytes: number): Pick<Line, 'text' | 'flaw'> {
  if (size > limitBytes) return { text: undefined, flaw: 'too-long' };
  try {
    return { text: DECODER.decode(Buffer.concat(held)).replace(/\r$/, '') };
  } catch {
    return { text: undefined, flaw: 'not-utf8' };
  }
}

function isBlank({ text }: Line): boolean {
  return text !== undefined && text.trim() === '';
}
