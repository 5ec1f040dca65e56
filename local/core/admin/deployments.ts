import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AwsResponse } from '../wire/aws-api.ts';
import { json } from '../wire/http.ts';
import { readJson } from './read-body.ts';
import type { AdminSource } from './source.ts';

const deploymentSchema = z.strictObject({
  /** The folder of a synthesized cloud assembly. */
  assemblyDir: z.string().min(1),
});

/** `POST /_local/deployments`: replaces what serves by another assembly; answers when it has, or when it has been rolled back. */
export async function startDeployment(
  source: Pick<AdminSource, 'deploy'>,
  request: IncomingMessage,
): Promise<AwsResponse> {
  const { assemblyDir } = await readJson(request, deploymentSchema);
  try {
    await source.deploy(assemblyDir);
    return json(200, { status: 'deployed' });
  } catch (error) {
    return json(409, { status: 'rolled-back', reason: (error as Error).message });
  }
}
