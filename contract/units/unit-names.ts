import { AMBIGUOUS, PREFIXES, prefixed, UNIT_DEFINITIONS, type UnitDefinition } from './unit-definitions.ts';
import type { Scale } from './unit-scale.ts';

/** What a name stands for: a unit, with or without a prefix. */
export interface NamedUnit {
  readonly definition: UnitDefinition;
  /** That of the definition, times the prefix. */
  readonly scale: Scale;
  readonly isPrefixed: boolean;
}

const BY_SYMBOL = indexed(({ symbols }) => symbols);
const BY_NAME = indexed(({ names }) => names);

function indexed(
  wordsOf: (definition: UnitDefinition) => readonly string[],
): ReadonlyMap<string, UnitDefinition> {
  return new Map(
    UNIT_DEFINITIONS.flatMap((definition) => wordsOf(definition).map((word) => [word, definition] as const)),
  );
}

/** The unit of a name such as `ha`, `kPa` or `kilograms`; a name as it stands comes before a prefix and the rest of it. */
export function unitNamed(name: string): NamedUnit | undefined {
  const definition = BY_SYMBOL.get(name) ?? BY_NAME.get(name);
  if (definition !== undefined) return { definition, scale: definition.scale, isPrefixed: false };
  for (const { symbols, name: word, decimal } of PREFIXES) {
    const [symbol = ''] = symbols;
    const written = symbols.find((own) => name.startsWith(own));
    const found =
      (written === undefined ? undefined : BY_SYMBOL.get(name.slice(written.length))) ??
      (name.startsWith(word) ? BY_NAME.get(name.slice(word.length)) : undefined);
    if (found?.prefixes.includes(symbol)) {
      return { definition: found, scale: prefixed(found.scale, decimal), isPrefixed: true };
    }
  }
  return undefined;
}

/** Every name that is understood, with what it is made of. */
export function acceptedNames(): readonly {
  readonly name: string;
  readonly prefix: string;
  readonly unit: string;
}[] {
  return UNIT_DEFINITIONS.flatMap(({ symbols, names, prefixes }) => {
    const used = PREFIXES.filter(({ symbols: [symbol = ''] }) => prefixes.includes(symbol));
    return [
      ...symbols.flatMap((unit) =>
        ['', ...used.flatMap((prefix) => prefix.symbols)].map((prefix) => ({ prefix, unit })),
      ),
      ...names.flatMap((unit) => ['', ...used.map(({ name }) => name)].map((prefix) => ({ prefix, unit }))),
    ]
      .map(({ prefix, unit }) => ({ name: prefix + unit, prefix, unit }))
      .filter(({ name }) => !AMBIGUOUS.has(name));
  });
}
