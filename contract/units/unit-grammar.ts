import { commodityNamed } from './bushels.ts';

/** A unit's name in a text, with its exponent: `ha` to the power of -1 in `kg/ha`. */
export interface UnitFactor {
  readonly name: string;
  readonly exponent: number;
  /** The commodity that a bushel names, as it is written; undefined for other units and for a bushel of nothing. */
  readonly commodity?: string | undefined;
  /** Where name and commodity stand in the text. */
  readonly start: number;
  readonly end: number;
}

/** Why a text is no unit, as a sentence. */
export class UnitSyntaxError extends Error {}

/** The words for a bushel; what it is a bushel of may follow. */
export const BUSHELS: ReadonlySet<string> = new Set(['bu', 'bsh', 'bushel', 'bushels']);

/** No unit that is measured has a higher power. */
const HIGHEST_EXPONENT = 9;

type TokenKind =
  | 'word'
  | 'number'
  | 'raised'
  | 'sign'
  | 'power'
  | 'times'
  | 'per'
  | 'space'
  | 'open'
  | 'close';

interface Token {
  readonly kind: TokenKind;
  /** As the grammar writes it: `μ` for the micro sign, `*` for every dot. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a unit by this grammar, where spaces may stand around operators:
 *
 *     unit    = product { "/" product }      `per` is a "/"; a product after it stands in parentheses
 *     product = factor { times factor }      times = "*" | "." | "·" | space
 *     factor  = "1" | name [ power ] | bushel [ power ] | "(" unit ")" [ power ]
 *     power   = [ "^" | "**" ] [ "-" | "+" ] digit | superscripts
 *     bushel  = "bu" [ "[" commodity "]" | "_" commodity | " of " commodity | " " commodity ]
 *
 * Every character is looked at once and every token a few times: the work grows as the text does, and no faster.
 *
 * @param step - is called for each character and each token that is looked at, so that tests can count them
 * @returns the names in the order of the text; those of `1` alone are none
 * @throws {UnitSyntaxError}
 */
export function readUnit(text: string, step: () => void = () => undefined): readonly UnitFactor[] {
  const tokens = new Tokens(tokenize(text, step), step);
  const factors = readQuotient(tokens, 1);
  if (tokens.peek() !== undefined) throw unexpected(tokens.peek());
  return factors;
}

function readQuotient(tokens: Tokens, sign: number): readonly UnitFactor[] {
  const factors = readProduct(tokens, sign).factors.slice();
  while (tokens.take('per') !== undefined) {
    const { factors: divisors, count } = readProduct(tokens, -sign);
    if (count > 1) {
      throw new UnitSyntaxError(
        'What follows a division and a space may be meant above or below it: write "a/b/c" or "a/(b c)", or "c a/b".',
      );
    }
    for (const divisor of divisors) factors.push(divisor);
  }
  return factors;
}

function readProduct(tokens: Tokens, sign: number) {
  const factors: UnitFactor[] = [];
  let count = 0;
  do {
    tokens.take('space');
    for (const factor of readFactor(tokens, sign)) factors.push(factor);
    count += 1;
  } while (anotherFactor(tokens));
  return { factors, count };
}

/** Whether a product goes on, by an operator or by a space alone. */
function anotherFactor(tokens: Tokens): boolean {
  const spaced = tokens.take('space') !== undefined;
  if (tokens.take('times') !== undefined) return true;
  const next = tokens.peek()?.kind;
  return spaced && next !== undefined && next !== 'per' && next !== 'close';
}

function readFactor(tokens: Tokens, sign: number): readonly UnitFactor[] {
  const token = tokens.next();
  if (token?.kind === 'number') {
    if (token.text === '1') return [];
    throw new UnitSyntaxError(`It holds the number ${token.text}: multiply the value instead.`);
  }
  if (token?.kind === 'open' && token.text === '(') {
    const group = readQuotient(tokens, sign);
    tokens.take('space');
    const closing = tokens.next();
    if (closing?.text !== ')') throw unexpected(closing);
    const exponent = readPower(tokens) ?? 1;
    return group.map((factor) => ({ ...factor, exponent: bounded(factor.exponent * exponent) }));
  }
  if (token?.kind !== 'word') throw unexpected(token);
  return [readName(tokens, token, sign)];
}

function readName(tokens: Tokens, { text, start, end }: Token, sign: number): UnitFactor {
  const letters = lengthWithoutDigits(text);
  const name = text.slice(0, letters);
  if (letters < text.length) {
    return { name, exponent: sign * exponentOf(text.slice(letters)), start, end: start + letters };
  }
  const bushel = BUSHELS.has(name)
    ? { name, ...readCommodity(tokens) }
    : (underscored(name) ?? { name, commodity: undefined, end });
  return { end, ...bushel, exponent: sign * (readPower(tokens) ?? 1), start };
}

/** How many characters stand before the digits that a word ends with. */
function lengthWithoutDigits(word: string): number {
  let length = word.length;
  while (length > 0 && isDigit(word.charAt(length - 1))) length -= 1;
  return length;
}

/** `bu_barley`. */
function underscored(name: string): { name: string; commodity: string } | undefined {
  const underscore = name.indexOf('_');
  const bushel = name.slice(0, Math.max(underscore, 0));
  return BUSHELS.has(bushel) ? { name: bushel, commodity: name.slice(underscore + 1) } : undefined;
}

/** What a bushel is a bushel of, in what follows it. */
function readCommodity(tokens: Tokens): { commodity?: string; end?: number } {
  const spaces = tokens.peek()?.kind === 'space' ? 1 : 0;
  const first = tokens.peek(spaces);
  const second = tokens.peek(spaces + 1);
  const third = tokens.peek(spaces + 2);
  if (first?.kind === 'open' && second?.kind === 'word' && third?.text === CLOSING.get(first.text)) {
    tokens.skip(spaces + 3);
    return { commodity: second.text, end: third?.end ?? second.end };
  }
  if (first?.text === 'of' && second?.kind === 'space' && third?.kind === 'word') {
    tokens.skip(spaces + 3);
    return { commodity: third.text, end: third.end };
  }
  // In `bu acre-1` a unit follows; only a commodity belongs to the bushel.
  if (spaces === 1 && first?.kind === 'word' && commodityNamed(first.text) !== undefined) {
    tokens.skip(2);
    return { commodity: first.text, end: first.end };
  }
  return {};
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** An exponent behind a name or a parenthesis; undefined where there is none. */
function readPower(tokens: Tokens): number | undefined {
  const raised = tokens.take('raised');
  if (raised !== undefined) return exponentOf(raised.text);
  const caret = tokens.take('power');
  const sign = tokens.take('sign');
  const digits = tokens.take('number');
  if (digits !== undefined) return exponentOf(`${sign?.text ?? ''}${digits.text}`);
  if (caret !== undefined || sign !== undefined) throw unexpected(tokens.peek());
  return undefined;
}

function exponentOf(text: string): number {
  return bounded(Number(text));
}

function bounded(exponent: number): number {
  if (exponent !== 0 && Math.abs(exponent) <= HIGHEST_EXPONENT) return exponent;
  throw new UnitSyntaxError(`An exponent is a whole number up to ${HIGHEST_EXPONENT}, and not 0.`);
}

function unexpected(token: Token | undefined): UnitSyntaxError {
  return new UnitSyntaxError(
    token === undefined
      ? 'Something is missing at its end.'
      : `"${token.text}" is not expected where it stands.`,
  );
}

/** The tokens of a text, from the first to the last. */
class Tokens {
  readonly #tokens: readonly Token[];
  readonly #step: () => void;
  #index = 0;

  constructor(tokens: readonly Token[], step: () => void) {
    this.#tokens = tokens;
    this.#step = step;
  }

  peek(ahead = 0): Token | undefined {
    this.#step();
    return this.#tokens[this.#index + ahead];
  }

  next(): Token | undefined {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  take(kind: TokenKind): Token | undefined {
    return this.peek()?.kind === kind ? this.next() : undefined;
  }

  skip(count: number): void {
    this.#index += count;
  }
}

const SUPERSCRIPTS = '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079';

/** Characters that are written for the one that the grammar knows. */
const SAME: ReadonlyMap<string, string> = new Map([
  ...alike('\u03bc', '\u00b5'), // micro sign
  ...alike('\u03a9', '\u2126'), // ohm sign
  ...alike('K', '\u212a'), // kelvin sign
  ...alike('\u00c5', '\u212b'), // angstrom sign
  ...alike('\u00b0', '\u00ba', '\u02da'), // masculine ordinal, ring above
  ...alike('\u00b0C', '\u2103'),
  ...alike('\u00b0F', '\u2109'),
  ...alike('-', '\u2212', '\u2013', '\u2010', '\u2011', '\u207b'), // minus, en dash, hyphens, superscript minus
  ...alike('+', '\u207a'),
  ...alike('*', '.', '\u00b7', '\u22c5', '\u2219', '\u2022', '\u00d7'), // dots, times sign
  ...alike('/', '\u2215', '\u2044'), // division slash, fraction slash
  ...[...SUPERSCRIPTS].map((superscript, digit) => [superscript, String(digit)] as const),
]);

function alike(known: string, ...written: readonly string[]): readonly (readonly [string, string])[] {
  return written.map((character) => [character, known]);
}

/** What each character is; one that is missing here stands in no unit. */
const KINDS: ReadonlyMap<string, TokenKind> = new Map([
  ...each('word', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_%\u2030\u00b0\u03bc\u03a9\u00c5'),
  ...each('word', ['\u00b0C', '\u00b0F']),
  ...each('number', '0123456789'),
  ...each('space', ' \t\n\r\u00a0\u2002\u2003\u2009\u202f\u3000'), // no-break, en, em, thin, ideographic
  ...each('sign', '-+'),
  ...each('power', '^'),
  ...each('times', '*'),
  ...each('per', '/'),
  ...each('open', '([{'),
  ...each('close', ')]}'),
]);

function each(kind: TokenKind, characters: Iterable<string>): readonly (readonly [string, TokenKind])[] {
  return [...characters].map((character) => [character, kind]);
}

/** Superscripts are exponents; what they stand for is not. */
const RAISED: ReadonlySet<string> = new Set([...SUPERSCRIPTS, '\u207b', '\u207a']);

/** Kinds of which neighbouring characters make one token. */
const RUNS: ReadonlySet<TokenKind> = new Set(['word', 'number', 'raised', 'space']);

function tokenize(text: string, step: () => void): readonly Token[] {
  const tokens: Token[] = [];
  let start = 0;
  for (const written of text) {
    step();
    const character = SAME.get(written) ?? written;
    const kind = RAISED.has(written) ? 'raised' : KINDS.get(character);
    if (kind === undefined) throw new UnitSyntaxError(`No unit is written with "${written}".`);
    const token = { kind, text: character, start, end: start + written.length };
    const last = tokens.at(-1);
    const joined = last === undefined ? undefined : joinedTo(last, token);
    if (joined === undefined) tokens.push(token);
    else tokens[tokens.length - 1] = joined;
    start = token.end;
  }
  return tokens.map((token) => (token.text === 'per' ? { ...token, kind: 'per' } : token));
}

/** The token that both make together; undefined where they are two. */
function joinedTo(last: Token, token: Token): Token | undefined {
  const text = last.text + token.text;
  if (last.kind === token.kind && RUNS.has(token.kind)) return { ...last, text, end: token.end };
  // `m2` is one word, because `cmH2O` is.
  if (last.kind === 'word' && token.kind === 'number') return { ...last, text, end: token.end };
  if (text === '**') return { ...last, kind: 'power', text: '^', end: token.end };
  return undefined;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1;
}
