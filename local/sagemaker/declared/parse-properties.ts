import { z } from 'zod';
import type { LocalResource } from '../../template/resource-types.ts';

/** The properties of a resource. @throws {Error} where they are not what CloudFormation takes, naming the construct path */
export function parseProperties<T>(resource: LocalResource, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(resource.properties);
  if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
