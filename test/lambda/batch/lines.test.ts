import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, linesOf, type Position } from '../../../lambda/batch/lines.ts';

const LIMIT = 1000;

async function* pieces(content: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (content.length + 1)), content.length])];
  places.sort((a, b) => a - b);
  for (const [index, start] of places.slice(0, -1).entries())
    yield content.subarray(start, places[index + 1]);
}

async function read(
  content: string | Buffer,
  options: { cuts?: readonly number[]; limit?: number; begin?: Position } = {},
): Promise<Line[]> {
  const { cuts = [], limit = LIMIT, begin } = options;
  const bytes = Buffer.from(content);
  const lines: Line[] = [];
  for await (const line of linesOf(pieces(bytes, cuts), limit, begin)) lines.push(line);
  return lines;
}

/** A line's text: anything but its end, from any script, and now and then nothing. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '  ', '\t') },
);
const file = fc.record({
  lines: fc.array(text.map((one) => one.replace(/[\r\n]/g, ''))),
  end: fc.constantFrom('\n', '\r\n'),
  last: fc.boolean(),
  cuts: fc.array(fc.nat(2000)),
});

describe('the lines of a file', () => {
  it('are the same wherever its pieces are cut, in any script and with either end', async () => {
    await fc.assert(
      fc.asyncProperty(file, async ({ lines, end, last, cuts }) => {
        const content = lines.join(end) + (last ? end : '');
        const expected = lines.flatMap((one, index) =>
          one.trim() === '' ? [] : [{ number: index + 1, text: one }],
        );

        const found = await read(content, { cuts });

        expect(found.map(({ number, text: said }) => ({ number, text: said }))).toEqual(expected);
      }),
    );
  });

  it('go on from where any of them ended', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.nat(), async ({ lines, end, last, cuts }, which) => {
        const content = Buffer.from(lines.join(end) + (last ? end : ''));
        const all = await read(content);
        fc.pre(all.length > 0);
        const stop = all[which % all.length];
        if (stop === undefined) throw new Error('there is no such line');

        const begin = { offset: stop.end, line: stop.number };
        const rest = await read(content.subarray(stop.end), { cuts, begin });

        expect(rest).toEqual(all.slice((which % all.length) + 1));
      }),
    );
  });

  it('are told by their numbers where they are too long, and do not keep the others back', async () => {
    const long = 'x'.repeat(LIMIT + 1);
    const found = await read(`a\n${long}\nb\n${'y'.repeat(LIMIT)}`, { cuts: [500, 700, 900, 1001, 1500] });

    expect(found.map(({ number, flaw, size }) => [number, flaw, size])).toEqual([
      [1, undefined, 1],
      [2, 'too-long', LIMIT + 1],
      [3, undefined, 1],
      [4, undefined, LIMIT],
    ]);
    expect(found[1]?.text).toBeUndefined();
  });

  it('hold nothing of a line that goes on for a gigabyte', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 1024; index += 1) yield piece;
      yield Buffer.from('\nend');
    }
    const found: Line[] = [];
    for await (const line of linesOf(endless(), LIMIT)) found.push(line);

    expect(found.map(({ number, size, flaw, text: said }) => [number, size, flaw ?? said])).toEqual([
      [1, 1024 ** 3, 'too-long'],
      [2, 3, 'end'],
    ]);
  });

  it('that are not UTF-8 are told, and nothing is made of them', async () => {
    const content = Buffer.concat([Buffer.from('é\n'), Buffer.from([0xff, 0xfe]), Buffer.from('\n{"a":1}')]);

    expect((await read(content)).map(({ number, text: said, flaw }) => [number, said ?? flaw])).toEqual([
      [1, 'é'],
      [2, 'not-utf8'],
      [3, '{"a":1}'],
    ]);
  });

  it('are none in a file of blank ones, and in an empty one', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\r\n  \n')).toEqual([]);
  });
});
