import { takesImages } from '../../../contract/fields/image.ts';
import { AWS_LIMITS } from '../../../contract/limits/aws-limits.ts';
import type { Feature, FunctionSizing } from '../../functions/feature.ts';
import { imageMemoryMb } from '../../functions/image-memory.ts';
import { isAsynchronous, type ModelParts } from '../../functions/model-parts.ts';
import { askedEndpoint, callbackHosts, retention, store } from '../../functions/shared-variables.ts';
import type { AsynchronousEndpoint } from '../../hosting/asynchronous-endpoint.ts';
import { variantRoutes } from './variant-routes.ts';

const MEMORY_MB = 1024;

/** Predictions: answered at once, or accepted and answered later. */
export const PREDICTION = {
  functions: [
    {
      name: 'predict',
      memoryMb: MEMORY_MB,
      // It has to be done before the gateway gives up, or the client gets the gateway's answer instead of the function's.
      timeoutSeconds: AWS_LIMITS.gatewayTimeoutSeconds.value - 1,
      description: 'Validates inputs, asks the model, captures and answers',
      handler: { kind: 'bound', asks: true, asksVariants: true, readsUploads: true, asynchronous: 'submit' },
      sizing,
      variables: (parts) => ({
        ...store(parts),
        ...retention(parts),
        ...(parts.uploads === undefined ? {} : { UPLOAD_BUCKET: parts.uploads.bucketName }),
        ...variantRoutes(parts),
        ...(isAsynchronous(parts.endpoint)
          ? { ...submission(parts.endpoint), ...callbackHosts(parts) }
          : { ...askedEndpoint(parts), CAPTURE_QUEUE_URL: parts.queue.queueUrl }),
      }),
      connect(fn, { uploads, endpoint, variantEndpoints, table, queue }) {
        uploads?.grantRead(fn);
        endpoint?.grantInvoke(fn);
        endpoint?.deployBefore(fn);
        for (const further of variantEndpoints.values()) {
          further.grantInvoke(fn);
          further.deployBefore(fn);
        }
        table.grantStorePredictions(fn);
        if (!isAsynchronous(endpoint)) queue.grantSend(fn);
      },
    },
  ],
} as const satisfies Feature;

/** Hosting in the function sizes it. Elsewhere what decodes images is sized by them. */
function sizing({ model, settings: { hosting } }: ModelParts): FunctionSizing {
  if (hosting.mode === 'lambda') {
    return { memoryMb: hosting.memoryMb, reservedConcurrency: hosting.reservedConcurrency };
  }
  return takesImages(model) ? { memoryMb: Math.max(MEMORY_MB, imageMemoryMb(model)) } : {};
}

/** Where a request goes, and what it is told about its time. */
function submission({
  endpointName,
  codec,
  bucketName,
  asynchronous: { hosting },
}: AsynchronousEndpoint): Record<string, string> {
  return {
    ENDPOINT_NAME: endpointName,
    CODEC: codec,
    INFERENCE_BUCKET: bucketName,
    INVOCATION_TIMEOUT_SECONDS: String(hosting.timeoutSeconds),
    MAX_WAIT_SECONDS: String(hosting.maxWaitSeconds),
  };
}
