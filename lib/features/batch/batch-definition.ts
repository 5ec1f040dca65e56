import type { Batch } from '../../../contract/deployment/batch.ts';
import { BATCH_PAYLOAD_MB } from '../../../contract/deployment/batch.ts';

/** What the state machine of a batch works with. */
export interface BatchParts {
  readonly batch: Batch;
  /** The partition of AWS that it is deployed to, as ARNs name it: `aws`, or `aws-cn` in China. */
  readonly partition: string;
  readonly prepareArn: string;
  readonly finishArn: string;
  readonly modelName: string;
  /** The media type that the model's container speaks. */
  readonly contentType: string;
  /** What the instances' storage is encrypted with. @default - SageMaker's own key */
  readonly storageKeyArn: string | undefined;
  /** What the model's answers are encrypted with. @default - the bucket's own encryption */
  readonly answersKeyArn: string | undefined;
}

/** A step that is tried again does the same work once more, so whatever failed may be tried again. */
const RETRY_STEP = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 5,
  MaxAttempts: 4,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/**
 * What SageMaker refuses for a while: calls that come too fast, and instances that the account has in use. A job that ran
 * and failed has another error, and is not run again: it would fail again, and costs as much.
 */
const RETRY_JOB = {
  ErrorEquals: [
    'SageMaker.AmazonSageMakerException',
    'SageMaker.ResourceLimitExceededException',
    'SageMaker.ThrottlingException',
    'ThrottlingException',
  ],
  IntervalSeconds: 30,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 600,
  JitterStrategy: 'FULL',
};

const SECONDS_PER_HOUR = 3600;

/** The execution's own facts, that every step is told. */
const EXECUTION = { 'execution.$': '$$.Execution.Name', 'input.$': '$$.Execution.Input' };
const STARTED = { 'startedAt.$': '$$.Execution.StartTime' };

/**
 * The states of a batch (Amazon States Language): prepare, transform, finish. The first and the last end before their
 * function's time does and are entered again until they are done, so files of any size go through.
 */
export function batchDefinition(parts: BatchParts): object {
  return {
    Comment: 'Predictions for every line of the files below a prefix',
    StartAt: 'Begin',
    States: {
      Begin: { Type: 'Pass', Result: { prepared: null }, Next: 'Prepare' },
      Prepare: step(parts, parts.prepareArn, { ...EXECUTION, 'prepared.$': '$.prepared' }, 'Prepared'),
      Prepared: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.error', IsPresent: true, Next: 'Explain' },
          { Variable: '$.prepared.done', BooleanEquals: false, Next: 'Prepare' },
          { Variable: '$.prepared.requests', NumericGreaterThan: 0, Next: 'Transform' },
        ],
        Default: 'Finish',
      },
      Transform: transform(parts),
      Finish: step(
        parts,
        parts.finishArn,
        {
          task: 'finish',
          ...EXECUTION,
          ...STARTED,
          'prepared.$': '$.prepared',
          'finished.$': '$.finished',
        },
        'Finished',
      ),
      Finished: {
        Type: 'Choice',
        Choices: [{ Variable: '$.finished.done', BooleanEquals: false, Next: 'Finish' }],
        Default: 'Done',
      },
      Done: { Type: 'Pass', InputPath: '$.summary', End: true },
      Explain: {
        ...step(
          parts,
          parts.finishArn,
          { task: 'explain', ...EXECUTION, ...STARTED, 'error.$': '$.error' },
          'Failed',
        ),
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'FailedUnexplained' }],
      },
      Failed: { Type: 'Fail', ErrorPath: '$.error', CausePath: '$.cause' },
      FailedUnexplained: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  };
}

const CATCH = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Explain' }];

/** A function's step: what it answers is the state from then on. */
function step({ partition }: BatchParts, functionArn: string, payload: object, next: string): object {
  return {
    Type: 'Task',
    Resource: integration(partition, 'lambda:invoke'),
    Parameters: { FunctionName: functionArn, Payload: payload },
    OutputPath: '$.Payload',
    Retry: [RETRY_STEP],
    Catch: CATCH,
    Next: next,
  };
}

/** Each object that was prepared is one request, and its answer one object. */
function transform(parts: BatchParts): object {
  const { batch, partition, modelName, contentType, storageKeyArn, answersKeyArn } = parts;
  return {
    Type: 'Task',
    Resource: integration(partition, 'sagemaker:createTransformJob.sync'),
    Parameters: {
      'TransformJobName.$': '$.job.name',
      ModelName: modelName,
      BatchStrategy: 'SingleRecord',
      MaxPayloadInMB: BATCH_PAYLOAD_MB,
      MaxConcurrentTransforms: batch.requestsPerInstance,
      ModelClientConfig: {
        InvocationsTimeoutInSeconds: batch.requestTimeoutSeconds,
        InvocationsMaxRetries: 2,
      },
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', 'S3Uri.$': '$.job.requests' } },
        ContentType: contentType,
        SplitType: 'None',
      },
      TransformOutput: {
        'S3OutputPath.$': '$.job.answers',
        Accept: contentType,
        AssembleWith: 'None',
        ...(answersKeyArn === undefined ? {} : { KmsKeyId: answersKeyArn }),
      },
      TransformResources: {
        InstanceType: batch.instanceType,
        InstanceCount: batch.instances,
        ...(storageKeyArn === undefined ? {} : { VolumeKmsKeyId: storageKeyArn }),
      },
    },
    ResultPath: null,
    TimeoutSeconds: batch.maxHours * SECONDS_PER_HOUR,
    Retry: [RETRY_JOB],
    Catch: CATCH,
    Next: 'Finish',
  };
}

/** How a task names what Step Functions does for it (Step Functions developer guide, "Integrating services"). */
function integration(partition: string, call: string): string {
  return `arn:${partition}:states:::${call}`;
}
