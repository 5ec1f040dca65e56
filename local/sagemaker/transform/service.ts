/** Transform jobs as the other services of the local cloud see them. Permissions are the caller's to check. */
export interface TransformService {
  /** @throws {AwsError} as SageMaker refuses a request */
  create(request: unknown): Promise<{ readonly TransformJobArn: string }>;
  /** @throws {AwsError} ResourceNotFound */
  describe(name: string): Promise<TransformDescription>;
  /** Resolves once the job stops; it has ended when `ended` resolves. @throws {AwsError} ResourceNotFound */
  stop(name: string): Promise<void>;
  /** Resolves when the job has ended, however it did. @throws {AwsError} ResourceNotFound */
  ended(name: string): Promise<TransformDescription>;
}

export type TransformStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

/** What DescribeTransformJob answers. Times are in seconds since the epoch. */
export interface TransformDescription {
  readonly TransformJobName: string;
  readonly TransformJobArn: string;
  readonly TransformJobStatus: TransformStatus;
  readonly FailureReason?: string;
  readonly ModelName: string;
  readonly CreationTime: number;
  readonly TransformStartTime?: number;
  readonly TransformEndTime?: number;
  readonly [parameter: string]: unknown;
}

declare module '../../core/plugin/services.ts' {
  interface CloudServices {
    transformJobs?: TransformService;
  }
}
