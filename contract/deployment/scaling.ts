import { z } from 'zod';

const positiveInt = z.int().positive();

/** Execution environments that are kept ready, scaled by how much of them is in use. */
export const provisionedConcurrency = z
  .strictObject({
    min: positiveInt,
    max: positiveInt,
    /**
     * The share in use that scaling aims at. Lambda's guide allows 10 % to 90 %; 70 % leaves room for the minutes that a
     * scaling takes.
     */
    targetUtilization: z.number().min(0.1).max(0.9).default(0.7),
  })
  .refine(({ min, max }) => min <= max, 'min is greater than max');

/**
 * A second policy for load that grows faster than target tracking follows: it acts after one minute instead of three,
 * and adds enough instances at once to be back at the target.
 */
export const surge = z.strictObject({
  /** From how many times the scaling target on, for example 1.5. */
  timesTarget: z.number().min(1.1).max(10).default(1.5),
});

/** One field of a cron expression: `*`, `?`, values, lists, ranges and steps; numbers, or names of three letters. */
const VALUE = '(?:\\d+|[A-Z]{3})';
const ITEM = `(?:\\*|${VALUE}(?:-${VALUE})?)(?:/\\d+)?`;
const CRON_FIELD = new RegExp(`^(?:\\?|${ITEM}(?:,${ITEM})*)$`);

/** A time that comes again, in the six fields of AWS: minute, hour, day of the month, month, day of the week, year. */
const cron = z.string().refine((text) => {
  const fields = text.split(' ');
  const [, , dayOfMonth, , dayOfWeek] = fields;
  const oneDay = (dayOfMonth === '?') !== (dayOfWeek === '?');
  return fields.length === 6 && oneDay && fields.every((field) => CRON_FIELD.test(field));
}, 'is not a cron expression of six fields with "?" for one of the two days, such as "0 7 ? * MON-FRI *"');

/** The bounds of the instance count from a time on, until another schedule changes them. */
export const capacitySchedule = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not in kebab case'),
    cron,
    /** An IANA name such as `Europe/Zurich`. */
    timeZone: z.string().refine(isTimeZone, 'is not a time zone such as "Europe/Zurich"').default('UTC'),
    min: z.int().nonnegative(),
    max: positiveInt,
  })
  .refine(({ min, max }) => min <= max, 'min is greater than max');

export type ProvisionedConcurrency = z.output<typeof provisionedConcurrency>;
export type Surge = z.output<typeof surge>;
export type CapacitySchedule = z.output<typeof capacitySchedule>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
