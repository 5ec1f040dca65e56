import { z } from 'zod';
import { AwsError } from '../core/wire/aws-error.ts';

/** @throws {AwsError} InvalidParameterValue, naming the first parameter that is wrong */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.join('.') || 'the request';
  throw new AwsError(
    400,
    'InvalidParameterValue',
    `Value for parameter ${name} is invalid. Reason: ${issue?.message}.`,
  );
}

/** The entries of a batch, each with its id. */
export function entries<Shape extends z.ZodRawShape>(fields: Shape) {
  return z.array(z.looseObject({ Id: z.string(), ...fields }));
}

/**
 * Runs every entry of a batch; one that fails does not keep the others from succeeding.
 * @throws {AwsError} where the batch as a whole is not acceptable
 */
export async function batch<Entry extends { Id: string }>(
  all: readonly Entry[],
  run: (entry: Entry) => Promise<object>,
): Promise<object> {
  if (all.length === 0)
    throw new AwsError(400, 'EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (all.length > 10) {
    throw new AwsError(400, 'TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  }
  if (new Set(all.map((entry) => entry.Id)).size < all.length) {
    throw new AwsError(400, 'BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of all) {
    try {
      Successful.push({ Id: entry.Id, ...(await run(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}
