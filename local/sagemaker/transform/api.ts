import { AwsError } from '../../core/aws-error.ts';
import type { AwsRequest, AwsResponse, LocalCloud, RequiredPermission } from '../../core/plugin.ts';
import type { TransformService } from './service.ts';

const OPERATIONS = ['CreateTransformJob', 'DescribeTransformJob', 'StopTransformJob'] as const;

type Operation = (typeof OPERATIONS)[number];

/** The operation of SageMaker's own API that a request names; undefined for what is not about transform jobs. */
export function transformOperationOf({ headers }: Pick<AwsRequest, 'headers'>): Operation | undefined {
  const [, operation] = /^SageMaker\.(\w+)$/.exec(headers['x-amz-target'] ?? '') ?? [];
  return OPERATIONS.find((one) => one === operation);
}

/** What a caller of such an operation must be allowed. */
export function transformPermissions(cloud: LocalCloud, request: AwsRequest): readonly RequiredPermission[] {
  const { region, accountId } = cloud;
  const resource = `arn:aws:sagemaker:${region}:${accountId}:transform-job/${nameOf(inputOf(request)).toLowerCase()}`;
  return [{ action: `sagemaker:${transformOperationOf(request)}`, resource }];
}

/** Carries such an operation out. */
export async function answerTransform(service: TransformService, request: AwsRequest): Promise<AwsResponse> {
  const input = inputOf(request);
  switch (transformOperationOf(request)) {
    case 'CreateTransformJob':
      return answer(await service.create(input));
    case 'DescribeTransformJob':
      return answer(await service.describe(nameOf(input)));
    case 'StopTransformJob':
      await service.stop(nameOf(input));
      return answer({});
    case undefined:
      throw new AwsError(501, 'NotImplemented', 'This is not emulated.');
  }
}

function answer(body: object): AwsResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 200, headers, body: JSON.stringify(body) };
}

function inputOf({ body }: AwsRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError(400, 'SerializationException', 'The body is not JSON.');
  }
}

function nameOf(input: unknown): string {
  const named = typeof input === 'object' && input !== null && 'TransformJobName' in input;
  return named ? String(input.TransformJobName) : '';
}
