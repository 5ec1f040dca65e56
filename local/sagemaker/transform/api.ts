import type { RequiredPermission } from '../../core/iam/permission.ts';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { AwsRequest, AwsResponse } from '../../core/wire/aws-api.ts';
import { AwsError } from '../../core/wire/aws-error.ts';
import { jsonAnswer, jsonInput, jsonOperation } from '../../core/wire/json-protocol.ts';
import type { TransformService } from './service.ts';

const OPERATIONS = ['CreateTransformJob', 'DescribeTransformJob', 'StopTransformJob'] as const;

type Operation = (typeof OPERATIONS)[number];

/** The operation of SageMaker's own API that a request names; undefined for what is not about transform jobs. */
export function transformOperationOf(request: Pick<AwsRequest, 'headers'>): Operation | undefined {
  const operation = jsonOperation(request, 'SageMaker');
  return OPERATIONS.find((one) => one === operation);
}

/** What a caller of such an operation must be allowed. */
export function transformPermissions(cloud: LocalCloud, request: AwsRequest): readonly RequiredPermission[] {
  const { region, accountId } = cloud;
  const resource = `arn:aws:sagemaker:${region}:${accountId}:transform-job/${nameOf(jsonInput(request)).toLowerCase()}`;
  return [{ action: `sagemaker:${transformOperationOf(request)}`, resource }];
}

/** Carries such an operation out. */
export async function answerTransform(service: TransformService, request: AwsRequest): Promise<AwsResponse> {
  const input = jsonInput(request);
  switch (transformOperationOf(request)) {
    case 'CreateTransformJob':
      return jsonAnswer(await service.create(input), '1.1');
    case 'DescribeTransformJob':
      return jsonAnswer(await service.describe(nameOf(input)), '1.1');
    case 'StopTransformJob':
      await service.stop(nameOf(input));
      return jsonAnswer({}, '1.1');
    case undefined:
      throw new AwsError(501, 'NotImplemented', 'This is not emulated.');
  }
}

function nameOf(input: unknown): string {
  const named = typeof input === 'object' && input !== null && 'TransformJobName' in input;
  return named ? String(input.TransformJobName) : '';
}
