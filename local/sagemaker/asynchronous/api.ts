import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../clock/clock.ts';
import type { AwsRequest, AwsResponse } from '../../core/wire/aws-api.ts';
import { validationError } from '../hosting/errors.ts';
import type { AsynchronousQueue } from './queue.ts';

const PREFIX = 'x-amzn-sagemaker-';

/** The headers of InvokeEndpointAsync, with the bounds and defaults of its API reference. */
const headersSchema = z.object({
  inputlocation: z.string().regex(/^s3:\/\/[^/]+\/.+$/, 'must be the S3 URI of an object'),
  'inference-id': z.string().min(1).max(64).optional(),
  'content-type': z.string().optional(),
  accept: z.string().optional(),
  'custom-attributes': z.string().optional(),
  requestttlseconds: z.coerce.number().int().min(60).max(21_600).default(21_600),
  invocationtimeoutseconds: z.coerce.number().int().min(1).max(3600).default(900),
});

const PATH = /^\/endpoints\/([^/]+)\/async-invocations$/;

/** The endpoint of an asynchronous invocation; undefined for any other request. */
export function asynchronousEndpointOf({ method, path }: AwsRequest): string | undefined {
  const [, name] = PATH.exec(path) ?? [];
  return method !== 'POST' || name === undefined ? undefined : decodeURIComponent(name);
}

/** Puts a request into an endpoint's queue: `InvokeEndpointAsync`. @throws {AwsError} ValidationError */
export async function invokeAsynchronously(
  queue: AsynchronousQueue,
  request: AwsRequest,
  clock: Clock,
): Promise<AwsResponse> {
  const own = Object.entries(request.headers).flatMap(([name, value]) =>
    name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), value] as const] : [],
  );
  const parsed = headersSchema.safeParse(Object.fromEntries(own));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw validationError(
      `1 validation error detected: Value at '${issue?.path.join('.')}' failed to satisfy constraint: ${issue?.message}`,
    );
  }
  const headers = parsed.data;
  const inferenceId = headers['inference-id'] ?? randomUUID();
  const name = randomUUID();
  const { outputPath, failurePath } = queue.declared;
  const outputLocation = `${outputPath}/${name}.out`;
  const failureLocation = failurePath === undefined ? undefined : `${failurePath}/${name}-error.out`;
  await queue.accept({
    inferenceId,
    inputLocation: headers.inputlocation,
    outputLocation,
    ...(failureLocation === undefined ? {} : { failureLocation }),
    headers: passedOn(headers),
    timeoutSeconds: headers.invocationtimeoutseconds,
    timeToLiveSeconds: headers.requestttlseconds,
    receivedAt: clock.now(),
  });
  return {
    status: 202,
    headers: {
      'content-type': 'application/json',
      [`${PREFIX}outputlocation`]: outputLocation,
      ...(failureLocation === undefined ? {} : { [`${PREFIX}failurelocation`]: failureLocation }),
    },
    body: JSON.stringify({ InferenceId: inferenceId }),
  };
}

function passedOn(headers: z.infer<typeof headersSchema>): Record<string, string> {
  const { 'content-type': contentType, accept, 'custom-attributes': attributes } = headers;
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(accept === undefined ? {} : { accept }),
    ...(attributes === undefined ? {} : { [`${PREFIX}custom-attributes`]: attributes }),
  };
}
