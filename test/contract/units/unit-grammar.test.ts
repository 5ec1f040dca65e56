import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUnit, UnitSyntaxError } from '../../../contract/units/unit-grammar.ts';

/** What reading a text costs, in looks at characters and tokens. */
function stepsOf(text: string): number {
  let steps = 0;
  try {
    readUnit(text, () => {
      steps += 1;
    });
  } catch (error) {
    if (!(error instanceof UnitSyntaxError)) throw error;
  }
  return steps;
}

/** Looks at a character and at the tokens it may be; as many as one factor of a product takes. */
const STEPS_PER_CHARACTER = 20;

const pieces = fc.constantFrom(
  ...[
    'kg',
    'ha',
    'm',
    'bu',
    'bushels',
    'of',
    'barley',
    'per',
    'd',
    '"',
    "'",
    '!',
    ' ',
    '  ',
    '\t',
    '1',
    '2',
    '-',
    '+',
  ],
  ...[
    '/',
    '*',
    '**',
    '.',
    '^',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '_',
    '²',
    '⁻¹',
    '°',
    'µ',
    '℃',
    '\u{1f600}',
    '\ud800',
  ],
);
const nearTheGrammar = fc.array(pieces, { maxLength: 64 }).map((parts) => parts.join(''));
const anyText = fc.string({ unit: 'binary', maxLength: 64 });

describe('reading a unit', () => {
  it('takes steps in proportion to the length of the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(nearTheGrammar, anyText), (text) => {
        expect(stepsOf(text)).toBeLessThanOrEqual(STEPS_PER_CHARACTER * (text.length + 1));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['what was exponential', (count: number) => `${'"d'.repeat(count)}!`],
    ['parentheses', (count: number) => '('.repeat(count)],
    ['closed parentheses', (count: number) => `${'('.repeat(count)}m${')'.repeat(count)}`],
    ['bushels', (count: number) => 'bu '.repeat(count)],
    ['bushels of nothing', (count: number) => 'bu of '.repeat(count)],
    ['open brackets', (count: number) => 'bu['.repeat(count)],
    ['digits', (count: number) => `m${'1'.repeat(count)}`],
    ['signs', (count: number) => `m${'-'.repeat(count)}`],
    ['spaces', (count: number) => `m${' '.repeat(count)}!`],
    ['a product', (count: number) => 'm*'.repeat(count)],
    ['divisions', (count: number) => 'm/'.repeat(count)],
    ['nested divisions', (count: number) => 'm/('.repeat(count)],
  ])('takes no more than twice the steps for twice the text: %s', (_, repeated) => {
    const [short, long] = [repeated(100), repeated(200)].map(stepsOf);

    expect(long).toBeLessThanOrEqual(2 * (short ?? 0) + STEPS_PER_CHARACTER);
  });

  it.each([
    ['kg/ha', 'kg1 ha-1'],
    ['kg.ha-1', 'kg1 ha-1'],
    ['kg·ha⁻¹', 'kg1 ha-1'],
    ['kg per ha', 'kg1 ha-1'],
    ['kg ha^-1', 'kg1 ha-1'],
    ['kg ha**-1', 'kg1 ha-1'],
    ['kg*ha−1', 'kg1 ha-1'],
    ['MJ/m2/day', 'MJ1 m-2 day-1'],
    ['MJ / (m² day)', 'MJ1 m-2 day-1'],
    ['a/(b/c)', 'a1 b-1 c1'],
    ['(m/s)2', 'm2 s-2'],
    ['1/s', 's-1'],
    ['µg/m³', 'μg1 m-3'],
    ['℃', '°C1'],
    ['cmH2O', 'cmH2O1'],
    ['cmH2O2', 'cmH2O2'],
  ])('reads %s as %s', (text, expected) => {
    expect(
      readUnit(text)
        .map(({ name, exponent }) => name + exponent)
        .join(' '),
    ).toBe(expected);
  });

  it.each([
    ['bu[barley]/acre', 'bu[barley]', 'barley'],
    ['bu (barley) acre-1', 'bu (barley)', 'barley'],
    ['bushels of barley per acre', 'bushels of barley', 'barley'],
    ['bu barley/acre', 'bu barley', 'barley'],
    ['bu_barley/acre', 'bu_barley', 'barley'],
    ['bu acre-1', 'bu', undefined],
    ['lb/bu', 'bu', undefined],
  ])('finds the bushel of %s', (text, written, commodity) => {
    const bushel = readUnit(text).find(({ name }) => name.startsWith('bu'));

    expect(text.slice(bushel?.start, bushel?.end)).toBe(written);
    expect(bushel?.commodity).toBe(commodity);
  });

  it.each(['W/m2 K', 'W/m2*K', 'a/b/c d'])(
    'refuses %s, a product after a division, for both of its readings',
    (text) => expect(() => readUnit(text)).toThrow('write "a/b/c" or "a/(b c)"'),
  );

  it.each([
    '',
    ' ',
    'kg//ha',
    '/ha',
    'kg/',
    'kg*',
    '(kg',
    'kg)',
    '()',
    'm^',
    'm-',
    'm^^2',
    'm2²',
    'm²2',
    'm0',
    'm10',
    'm-10',
    '2',
    '10 kg',
    '1.5',
    'm(kg)',
    'm [kg]',
    'm\u0000',
    'bu[wheat',
    'bu[wheat)',
    '((m9)9)',
    'm½',
    '秒',
  ])('refuses "%s"', (text) => expect(() => readUnit(text)).toThrow(UnitSyntaxError));
});
