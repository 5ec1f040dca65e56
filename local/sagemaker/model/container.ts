import { z } from 'zod';

/** A container as a model of a template declares it. */
export const containerSchema = z.looseObject({
  Image: z.string().optional(),
  ModelDataUrl: z.string().optional(),
  ModelDataSource: z
    .looseObject({ S3DataSource: z.looseObject({ S3Uri: z.string() }).optional() })
    .optional(),
  Environment: z.record(z.string(), z.coerce.string()).default({}),
});

export type Container = z.infer<typeof containerSchema>;
