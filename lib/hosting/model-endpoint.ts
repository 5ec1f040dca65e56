import { createHash } from 'node:crypto';
import { Grant, type IGrantable, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { type CfnResource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Container } from '../../contract/deployment/containers.ts';
import { CHAMPION } from '../../contract/model/answering-variant.ts';
import type { Codec } from '../../contract/tensors/codecs.ts';
import type { AsynchronousParts } from '../alarms/catalogue/asynchronous-alarms.ts';
import { type AlarmsById, deployAfterAlarms } from '../alarms/rollback-alarms.ts';
import type { ServedModel } from './served-model.ts';

export interface ModelEndpointProps {
  readonly endpointName: string;
  /** A hash of what it serves. */
  readonly content: string;
  /** @default - the champion */
  readonly variant?: string | undefined;
  readonly container: Container;
}

/** A deployed SageMaker endpoint, whatever hosts it. */
export abstract class ModelEndpoint extends Construct {
  /** Known at synthesis, so that alarms can name the endpoint and the endpoint its alarms without a cycle. */
  readonly endpointName: string;
  /** The name of its one production variant. */
  readonly variantName: string;
  /** Changes whenever what it serves does. */
  readonly content: string;
  /** How tensors travel to its container and back. */
  readonly codec: Codec;
  /** What it serves. */
  abstract readonly served: ServedModel;
  /** What one invocation may hold, in bytes. */
  abstract readonly payloadLimitBytes: number;
  /** What the alarms of an asynchronous endpoint look at besides. @default - it answers at once */
  readonly asynchronous?: AsynchronousParts;
  /** The inference component that requests have to name. @default - the endpoint holds the model itself */
  readonly componentName?: string;
  /** What has to be deployed for the model to answer. */
  protected abstract readonly resource: CfnResource;
  protected abstract readonly config: CfnEndpointConfig;
  /** The ids of the alarms that give a deployment up. */
  protected abstract readonly rollbackAlarmIds: readonly string[];

  constructor(scope: Construct, id: string, props: ModelEndpointProps) {
    super(scope, id);
    this.endpointName = props.endpointName;
    this.content = props.content;
    this.variantName = props.variant ?? CHAMPION;
    this.codec = props.container.codec;
  }

  /** The name of the configuration that the template gives it. */
  get configName(): string {
    return this.config.attrEndpointConfigName;
  }

  /** Lets a function ask the model. */
  grantInvoke(fn: IFunction): void {
    this.letAsk(fn, 'sagemaker:InvokeEndpoint');
  }

  /** Lets a function look at what the endpoint serves. */
  grantDescribe(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:DescribeEndpoint'],
      resourceArns: [this.#arn('endpoint', this.endpointName)],
    });
  }

  /**
   * Has the endpoint ready before what asks it changes: new pre- and postprocessing never meets the old model, and after
   * a change of mode no function asks an endpoint that is still being created.
   */
  deployBefore(dependent: Construct): void {
    dependent.node.addDependency(this.resource);
  }

  /** Has the alarms that roll a deployment back in place before one begins. */
  watchDuringDeployment(alarms: AlarmsById): void {
    deployAfterAlarms(this.resource, this.rollbackAlarmIds, alarms);
  }

  /**
   * The policy is the endpoint's, and named by it: while a deployment replaces the endpoint by another one, the version of
   * the function that still serves keeps the old policy, until both are cleaned up.
   */
  protected letAsk(fn: IFunction, action: string): void {
    if (fn.role === undefined) throw new Error(`${fn.node.path}: has no role that could ask an endpoint`);
    const name = createHash('sha256').update(this.endpointName).digest('hex').slice(0, 8);
    const policy = new Policy(this, `AskedBy-${fn.node.scope?.node.id}-${name}`, {
      roles: [fn.role],
      statements: [
        new PolicyStatement({
          actions: [action],
          resources: [
            this.#arn('endpoint', this.endpointName),
            ...(this.componentName === undefined
              ? []
              : [this.#arn('inference-component', this.componentName)]),
          ],
        }),
      ],
    });
    fn.node.addDependency(policy);
  }

  #arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
  }
}
