import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { model } from '../../../models/canopy-cover/model.ts';
import { asPng, chunk, inline, PLANT, picture, SOIL } from '../../imaging/pictures.ts';

const FOLDER = join(import.meta.dirname, '../../../models/canopy-cover/artifacts');

const HALF_RGB_JPEG = [
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFB',
  'gSFBUU/8AAEQgAEAAQA1IRAEcRAEIRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAcIBv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAMA1IARwBCAAA/',
  'AJKbtES1QOUEVHgXrVA5Qf/Z',
].join('');

interface Case {
  readonly name: string;
  readonly input: { readonly photo: { readonly data: string } };
  readonly output: { readonly canopyCover: number };
}

const cases: readonly Case[] = JSON.parse(readFileSync(join(FOLDER, 'reference.json'), 'utf8')).cases;

const open = () =>
  InferenceSession.create(join(FOLDER, 'model.onnx'), { intraOpNumThreads: 1, logSeverityLevel: 4 });

/** What the graph makes of pictures, filled up with black to the same number of pixels. */
async function percentOf(pictures: readonly (readonly number[])[]): Promise<readonly number[]> {
  const session = await open();
  const longest = Math.max(...pictures.map(({ length }) => length));
  const pixels = new Float32Array(longest * pictures.length);
  for (const [index, rgb] of pictures.entries()) pixels.set(rgb, index * longest);
  const counts = Float64Array.from(pictures, ({ length }) => length / 3);
  const { percent } = await session.run({
    pixels: new Tensor('float32', pixels, [pictures.length, longest / 3, 3]),
    count: new Tensor('float64', counts, [pictures.length, 1]),
  });
  return Array.from(percent?.data ?? [], Number);
}

/** Excess green by its definition, on chromatic coordinates. */
function excessGreen([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return (2 * green - red - blue) / (red + green + blue);
}

describe('the graph', () => {
  it('takes pixels and how many of them count', async () => {
    const { inputMetadata, outputMetadata } = await open();
    expect(inputMetadata).toMatchObject([
      { name: 'pixels', type: 'float32' },
      { name: 'count', type: 'float64' },
    ]);
    expect(outputMetadata).toMatchObject([{ name: 'percent', type: 'float64' }]);
  });

  it('calls a pixel plant above an excess green of 0.1, and not at it', async () => {
    expect(excessGreen([90, 110, 100])).toBeCloseTo(0.1, 12);
    const one = async (...rgb: number[]) => (await percentOf([rgb]))[0];
    expect(await one(90, 110, 100)).toBe(0);
    expect(await one(90, 111, 100)).toBe(100);
    expect(await one(0, 1, 0)).toBe(100);
    expect(await one(0, 0, 0)).toBe(0);
    expect(await one(255, 255, 255)).toBe(0);
  });

  it('agrees with the definition on every colour of a coarse cube', async () => {
    const levels = Array.from({ length: 16 }, (_, step) => step * 17);
    const colours = levels.flatMap((red) =>
      levels.flatMap((green) => levels.map((blue) => [red, green, blue])),
    );
    const shares = await percentOf(colours);
    for (const [index, colour] of colours.entries()) {
      const excess = excessGreen(colour);
      if (Math.abs(excess - 0.1) < 1e-9) continue;
      expect(shares[index], colour.join(' ')).toBe(excess > 0.1 ? 100 : 0);
    }
  });

  it('counts each picture by itself, whatever the others have', async () => {
    const [plant, soil] = [
      [60, 150, 45],
      [140, 105, 75],
    ];
    expect(await percentOf([[...plant, ...soil], plant, [...soil, ...soil, ...soil, ...plant]])).toEqual([
      50, 100, 25,
    ]);
  });
});

describe('the golden predictions', () => {
  it('are of 64 files: 48 PNG of every kind, and 16 JPEG, some of them progressive', () => {
    const files = cases.map(({ input }) => Buffer.from(input.photo.data, 'base64'));
    const jpegs = files.filter((file) => file[0] === 0xff);
    expect([files.length, jpegs.length]).toEqual([64, 16]);
    const marked = (marker: number) => jpegs.filter((file) => file.includes(Buffer.of(0xff, marker))).length;
    expect([marked(0xc0), marked(0xc2)]).toEqual([10, 6]);
    const colourTypes = new Set(files.filter((file) => file[0] === 0x89).map((file) => file[25]));
    expect([...colourTypes].sort()).toEqual([0, 2, 3, 4, 6]);
  });

  it('cover everything from no plant to plant only', () => {
    const shares = cases.map(({ output }) => output.canopyCover);
    expect(Math.min(...shares)).toBe(0);
    expect(Math.max(...shares)).toBe(100);
    expect(new Set(shares).size).toBeGreaterThan(30);
  });

  it("are numpy's, and the model's own way from file to share gives the same", async () => {
    for (const { name, input, output } of cases) {
      const [pixels, count] = model.preprocess([model.input.parse(input)]);
      const rgb = (pixels?.data ?? []) as readonly number[];
      expect(rgb.length / 3, name).toBe(count?.data[0]);
      const [share] = await percentOf([rgb]);
      expect(share, name).toBeCloseTo(output.canopyCover, 9);
    }
  });
});

describe('half of the ground', () => {
  const share = async (file: Buffer) => {
    const [pixels] = model.preprocess([model.input.parse({ photo: inline(file) })]);
    return (await percentOf([(pixels?.data ?? []) as readonly number[]]))[0];
  };

  it('is half of it in a JPEG of red, green and blue', async () => {
    // Written by Pillow: plant on the left, soil on the right, in components called R, G and B.
    expect(await share(Buffer.from(HALF_RGB_JPEG, 'base64'))).toBe(50);
  });

  it('is half of it in a PNG whose plants have the colour that stands for transparency', async () => {
    const half = asPng(picture(16, 16, (x) => (x < 8 ? PLANT : SOIL)));
    const key = Buffer.alloc(6);
    for (const [index, level] of PLANT.entries()) key.writeUInt16BE(level, index * 2);
    const header = 33;
    const keyed = Buffer.concat([half.subarray(0, header), chunk('tRNS', key), half.subarray(header)]);
    expect(await share(keyed)).toBe(50);
    expect(await share(Buffer.concat([keyed, Buffer.from('more')]))).toBe(50);
  });
});
