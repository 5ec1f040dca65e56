import { AWS_LIMITS } from '../../../contract/limits/aws-limits.ts';
import type { FunctionDeclaration } from '../../functions/function-declaration.ts';

// What is not done by then goes on in another call.
const timeoutSeconds = AWS_LIMITS.functionTimeoutSeconds.value;

/** The first step of a batch. */
export const PREPARE = {
  name: 'batch-prepare',
  memoryMb: 1024,
  timeoutSeconds,
  description: 'Turns the lines of files into requests',
  handler: { kind: 'bound' },
} as const satisfies FunctionDeclaration;

/** The last one. */
export const FINISH = {
  name: 'batch-finish',
  memoryMb: 1024,
  timeoutSeconds,
  description: "Turns the model's answers into results",
  handler: { kind: 'bound' },
} as const satisfies FunctionDeclaration;
