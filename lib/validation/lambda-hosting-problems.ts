import type { LambdaHosting } from '../../contract/deployment/deployment.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';

/**
 * The largest artifact that a function holds, in MB: of what Lambda takes, the runtime is 14 MB, and the code and the layers of
 * an instrumented function take the rest.
 */
const LARGEST_ARTIFACT_MB = AWS_LIMITS.functionPackageMb.value - 50;

/**
 * Memory of a function that holds a model, in MB: for Node.js, the code, the runtime and a request, and for each MB of
 * the artifact. Measured on Linux with artifacts of up to 200 MB: with a small one a function takes 153 MB at its highest,
 * and loading takes 4.9 times the artifact on top.
 */
const OWN_MEMORY_MB = 256;
const MEMORY_PER_ARTIFACT_MB = 5;

const MB = 1024 * 1024;

/** What keeps an artifact of `bytes` from being loaded into a function as declared. */
export function lambdaArtifactProblems(
  { memoryMb }: LambdaHosting,
  artifact: string,
  bytes: number,
): string[] {
  const sizeMb = Math.ceil(bytes / MB);
  if (sizeMb > LARGEST_ARTIFACT_MB) {
    return [
      `${artifact} has ${sizeMb} MB, and a function holds a model of at most ${LARGEST_ARTIFACT_MB} MB. Use { mode: 'serverless' } or { mode: 'realtime', … }.`,
    ];
  }
  const neededMb = OWN_MEMORY_MB + MEMORY_PER_ARTIFACT_MB * sizeMb;
  if (memoryMb >= neededMb) return [];
  return [
    `hosting.memoryMb is ${memoryMb}, and loading ${artifact} of ${sizeMb} MB into a function takes ${neededMb} MB. Declare at least ${neededMb}.`,
  ];
}
