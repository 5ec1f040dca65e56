import { z } from 'zod';
import { AWS_LIMITS } from '../limits/aws-limits.ts';

/**
 * Whether load that is gone takes the last instance away. SageMaker does that for models that are deployed as inference
 * components, each copy of which is given a part of an instance; here a copy is given more than half of one, so that
 * there are as many copies as instances.
 */
export const scaleToZero = z.strictObject({
  /**
   * Memory that the model needs on its instance, in MB. An instance keeps some of its own for itself.
   */
  memoryMb: z.int().min(AWS_LIMITS.componentMemoryMbLeast.value),
  /** GPUs or Inferentia devices that it needs. @default - none */
  acceleratorDevices: z.int().positive().optional(),
});

export type ScaleToZero = z.output<typeof scaleToZero>;
