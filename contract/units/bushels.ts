/**
 * Legal weight of one bushel by commodity, in pounds (avoirdupois): the figures that the United States Department of
 * Agriculture publishes for trade and statistics (USDA Agricultural Handbook 697, "Weights, Measures, and Conversion
 * Factors for Agricultural Commodities and Their Products", table 5).
 */
export const BUSHEL_POUNDS = {
  barley: 48,
  maize: 56,
  oats: 32,
  rye: 56,
  sorghum: 56,
  soybean: 60,
  wheat: 60,
} as const;

export type Commodity = keyof typeof BUSHEL_POUNDS;

export const COMMODITIES = Object.keys(BUSHEL_POUNDS) as readonly Commodity[];

/** Trade names that mean one of {@link COMMODITIES}. */
const SYNONYMS: ReadonlyMap<string, Commodity> = new Map([
  ['corn', 'maize'],
  ['oat', 'oats'],
  ['soy', 'soybean'],
  ['soya', 'soybean'],
  ['soybeans', 'soybean'],
]);

/** The commodity a client means by a name, whatever its case; undefined for one whose bushel has no legal weight here. */
export function commodityNamed(name: string): Commodity | undefined {
  const key = name.toLowerCase();
  return COMMODITIES.find((commodity) => commodity === key) ?? SYNONYMS.get(key);
}
