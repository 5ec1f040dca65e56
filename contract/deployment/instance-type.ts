import { z } from 'zod';

/** A SageMaker instance type. */
export const instanceType = z
  .string()
  .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'is not an instance type such as ml.m5.large');
