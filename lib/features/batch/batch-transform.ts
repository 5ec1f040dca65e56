import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Batch } from '../../../contract/deployment/batch.ts';
import { DEFAULT_CONTAINER } from '../../../contract/deployment/containers.ts';
import { CODEC_CONTENT_TYPES } from '../../../contract/tensors/codecs.ts';
import type { Environment } from '../../environment.ts';
import type { FunctionDeclaration } from '../../functions/function-declaration.ts';
import type { HandlerCodeOf } from '../../functions/handler-code.ts';
import { ModelFunction } from '../../functions/model-function.ts';
import { ServedModel } from '../../hosting/served-model.ts';
import type { ServingBuild } from '../../hosting/serving-build.ts';
import { storageKeyOf } from '../../hosting/storage-key.ts';
import { batchLogGroupName, batchName } from '../../names.ts';
import type { NetworkPlacement } from '../../network/placement.ts';
import { acknowledge } from '../../security/acknowledge.ts';
import type { DataKey } from '../../security/data-key.ts';
import { BatchBucket } from './batch-bucket.ts';
import { batchDefinition } from './batch-definition.ts';
import { FINISH, PREPARE } from './batch-functions.ts';
import { batchRole } from './batch-role.ts';
import { grantTransform, TRANSFORM_LOGS } from './transform-grants.ts';

export interface BatchTransformProps {
  readonly environment: Environment;
  /** @default - AWS manages the keys */
  readonly key?: DataKey | undefined;
  /** @default - networks of AWS */
  readonly network?: NetworkPlacement | undefined;
  readonly model: string;
  readonly batch: Batch;
  readonly handlerCode: HandlerCodeOf;
  /** The model that an endpoint serves. @default - a model of its own, made of `serving` */
  readonly served: ServedModel | undefined;
  readonly serving: ServingBuild | undefined;
}

/** Predictions for whole files: a bucket, and a state machine that has a transform job work off a folder of it. */
export class BatchTransform extends Construct {
  readonly bucketName: string;
  /** Known at synthesis, so that its role can name it. */
  readonly stateMachineArn: string;
  /** Its first step. */
  readonly prepare: ModelFunction;
  /** Its last step. */
  readonly finish: ModelFunction;

  constructor(scope: Construct, id: string, props: BatchTransformProps) {
    super(scope, id);
    const { environment, key, batch } = props;
    const name = batchName(environment.name, props.model);
    const bucket = new BatchBucket(this, 'Files', { expireDays: batch.expireDays, key });
    const jobPrefix = `${name}-`;
    const served = props.served ?? this.#ownModel(props);
    const storageKey = storageKeyOf(batch.instanceType, key);
    grantTransform(served.role, { bucket, jobPrefix, storageKey });
    this.bucketName = bucket.bucketName;
    const prepare = this.#function(props, PREPARE, {
      BATCH_BUCKET: bucket.bucketName,
      CODEC: served.codec,
      RECORDS_PER_REQUEST: String(batch.recordsPerRequest),
      TRANSFORM_JOB_PREFIX: jobPrefix,
    });
    const finish = this.#function(props, FINISH, {
      BATCH_BUCKET: bucket.bucketName,
      CODEC: served.codec,
    });
    bucket.grantPrepare(prepare.function);
    bucket.grantFinish(finish.function);
    this.prepare = prepare;
    this.finish = finish;
    this.stateMachineArn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: batchLogGroupName(environment.name, props.model),
      retention: environment.logRetentionDays,
      // The name is fixed: if the group stayed behind, the stack could not be created again.
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key === undefined ? {} : { encryptionKey: key.key }),
    });
    const role = batchRole(this, 'Role', {
      functionArns: [prepare, finish].map(({ function: fn }) => fn.functionArn),
      jobPrefix,
      modelRoleArn: served.role.roleArn,
      storageKey,
      tracing: environment.tracing,
      statements: key?.stateMachineStatements(this.stateMachineArn) ?? [],
    });
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definition: batchDefinition({
        batch,
        partition: Stack.of(this).partition,
        prepareArn: prepare.function.functionArn,
        finishArn: finish.function.functionArn,
        modelName: served.modelName,
        contentType: CODEC_CONTENT_TYPES[served.codec],
        storageKeyArn: storageKey?.keyArn,
        answersKeyArn: key?.keyArn,
      }),
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
      },
      tracingConfiguration: { enabled: environment.tracing },
      ...(key === undefined
        ? {}
        : {
            encryptionConfiguration: {
              type: 'CUSTOMER_MANAGED_KMS_KEY',
              kmsKeyId: key.keyArn,
              kmsDataKeyReusePeriodSeconds: KEY_REUSE_SECONDS,
            },
          }),
    });
    machine.node.addDependency(role, logGroup);
    acknowledge(
      machine,
      'AwsSolutions-SF1',
      'Step Functions keeps every event of an execution for 90 days; the log is for errors, and holds no data.',
    );
  }

  /** What a transform job runs where nothing else does: a model without an endpoint costs nothing. */
  #ownModel({ environment, key, network, serving }: BatchTransformProps): ServedModel {
    if (serving === undefined)
      throw new Error(`${this.node.path}: batches need an artifact, and there is none`);
    return new ServedModel(this, 'Model', {
      environment,
      key,
      network,
      serving,
      container: DEFAULT_CONTAINER,
      logNamespace: TRANSFORM_LOGS,
      networkIsolation: true,
    });
  }

  #function(
    { model, environment, key, network, handlerCode }: BatchTransformProps,
    declaration: FunctionDeclaration,
    variables: Readonly<Record<string, string>>,
  ): ModelFunction {
    const { name } = declaration;
    const code = handlerCode(model, name);
    return new ModelFunction(this, name, { model, declaration, code, environment, key, network, variables });
  }
}

/** How long a data key may be used before Step Functions asks for another one: its default. */
const KEY_REUSE_SECONDS = 300;
