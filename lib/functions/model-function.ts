import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../contract/observability/metrics.ts';
import type { Environment } from '../environment.ts';
import { acknowledgeInterfaces, functionInterfaceStatements } from '../network/interface-permissions.ts';
import type { NetworkPlacement } from '../network/placement.ts';
import { acknowledge } from '../security/acknowledge.ts';
import type { DataKey } from '../security/data-key.ts';
import type { FunctionDeclaration } from './function-declaration.ts';
import type { HandlerCode } from './handler-code.ts';

export interface ModelFunctionProps {
  readonly model: string;
  readonly declaration: Omit<FunctionDeclaration, 'handler'>;
  readonly code: HandlerCode;
  readonly environment: Environment;
  /** @default - logs are encrypted with a key of CloudWatch Logs */
  readonly key?: DataKey | undefined;
  /** @default - a network of AWS, which has a way to the internet */
  readonly network?: NetworkPlacement | undefined;
  /** Variables of this function alone. */
  readonly variables: Readonly<Record<string, string>>;
  /** In MB. @default - what the function declares */
  readonly memoryMb?: number | undefined;
  /** @default - the account's unreserved concurrency, which all functions share */
  readonly reservedConcurrency?: number | undefined;
}

/**
 * One function of one model, with a log group and a role of its own. The role may write to that log group and, where
 * tracing is on, send traces: whatever else the function does is granted by the resource it does it to.
 */
export class ModelFunction extends Construct {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: ModelFunctionProps) {
    super(scope, id);
    const { environment, key, model, declaration } = props;
    const { name, description, memoryMb, timeoutSeconds } = declaration;
    this.name = name;
    this.timeoutSeconds = timeoutSeconds;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: environment.dataRemoval,
      ...(key === undefined ? {} : { encryptionKey: key.key }),
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} of ${model} may do`,
    });
    logGroup.grantWrite(role);
    if (environment.tracing) {
      acknowledge(
        role,
        'AwsSolutions-IAM5[Resource::*]',
        'The two actions that send traces to X-Ray take no resource (Service Authorization Reference, AWS X-Ray).',
      );
    }
    this.function = new LambdaFunction(this, 'Function', {
      description: `${model}: ${description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      // The hash was made while bundling: the CDK would read all of it again.
      code: Code.fromAsset(props.code.folder, { assetHash: props.code.hash }),
      role,
      logGroup,
      memorySize: props.memoryMb ?? memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      tracing: environment.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        MODEL_ENVIRONMENT: environment.name,
        POWERTOOLS_SERVICE_NAME: model,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        ...props.variables,
      },
    });
    if (props.network !== undefined) this.#place(role, props.network);
  }

  /** By properties: the construct's own way would attach a managed policy, which allows more. */
  #place(role: Role, { subnetIds, securityGroupIds }: NetworkPlacement): void {
    for (const statement of functionInterfaceStatements(this)) role.addToPolicy(statement);
    acknowledgeInterfaces(role);
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.vpcConfig = { subnetIds, securityGroupIds };
  }
}
