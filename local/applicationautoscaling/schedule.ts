/** Whether a schedule is due in the minute that begins at a time, in milliseconds since the epoch. */
export type Schedule = (minute: number) => boolean;

interface Field {
  readonly least: number;
  readonly most: number;
  /** Names of the values, from the least on. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The six fields of AWS's cron, in their order. */
const FIELDS: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: MONTHS },
  { least: 1, most: 7, names: DAYS },
  { least: 1970, most: 2199 },
];

/**
 * Reads a `cron(…)` expression.
 * @param timeZone an IANA name: the fields are of the clock there
 * @returns undefined where it is another kind of expression, or uses `L`, `W` or `#`
 */
export function parseSchedule(expression: string, timeZone: string): Schedule | undefined {
  const [, inner] = /^cron\((.+)\)$/.exec(expression) ?? [];
  const texts = inner?.split(' ') ?? [];
  if (texts.length !== FIELDS.length) return undefined;
  const allowed = FIELDS.map((field, index) => parseField(texts[index] ?? '', field));
  if (allowed.includes(undefined)) return undefined;
  const wallClock = wallClockOf(timeZone);
  return (minute) => {
    const values = wallClock(minute);
    return allowed.every((set, index) => set?.has(values[index] ?? Number.NaN));
  };
}

/** The values that a field allows; undefined where it can't be read. */
function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const found = parseItem(item, field);
    if (found === undefined) return undefined;
    for (const value of found) values.add(value);
  }
  return values;
}

function parseItem(item: string, field: Field): readonly number[] | undefined {
  const { least, most } = field;
  const [range = '', stepText] = item.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  if (!Number.isInteger(step) || step < 1) return undefined;
  if (range === '*' || range === '?') return every(least, most, step);
  const [from, to] = range.split('-').map((text) => parseValue(text, field));
  if (from === undefined || (range.includes('-') && to === undefined)) return undefined;
  if (to === undefined) return stepText === undefined ? [from] : every(from, most, step);
  // A range may go over the end of the week or the year: FRI-MON.
  return to >= from ? every(from, to, step) : [...every(from, most, step), ...every(least, to, step)];
}

function parseValue(text: string, { least, most, names }: Field): number | undefined {
  const named = names?.indexOf(text) ?? -1;
  const value = named >= 0 ? least + named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function every(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Tells the six fields of a time at a place. */
function wallClockOf(timeZone: string): (time: number) => readonly number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const weekday = DAYS.indexOf((parts.get('weekday') ?? '').toUpperCase()) + 1;
    return [number('minute'), number('hour'), number('day'), number('month'), weekday, number('year')];
  };
}
