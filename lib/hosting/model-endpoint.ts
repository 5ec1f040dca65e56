import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { CHAMPION } from '../../contract/answering-variant.ts';
import type { Codec } from '../../contract/codecs.ts';
import type { Container } from '../../contract/containers.ts';
import type { AsynchronousParts } from '../alarms/asynchronous-alarms.ts';

/** Where the alarms of a model are found by their ids. */
export interface AlarmsById {
  alarm(id: string): IDependable | undefined;
}

export interface ModelEndpointProps {
  readonly endpointName: string;
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
  /** How tensors travel to its container and back. */
  readonly codec: Codec;
  /** What one invocation may hold, in bytes. */
  abstract readonly payloadLimitBytes: number;
  /** What the alarms of an asynchronous endpoint look at besides. @default - it answers at once */
  readonly asynchronous?: AsynchronousParts;
  protected abstract readonly resource: CfnEndpoint;
  /** The ids of the alarms that give a deployment up. */
  protected abstract readonly rollbackAlarmIds: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { endpointName, variant = CHAMPION, container }: ModelEndpointProps,
  ) {
    super(scope, id);
    this.endpointName = endpointName;
    this.variantName = variant;
    this.codec = container.codec;
  }

  /** Lets a function ask the model. */
  grantInvoke(grantee: IFunction): Grant {
    const endpoint = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'endpoint',
      resourceName: this.endpointName,
    });
    return Grant.addToPrincipal({ grantee, actions: ['sagemaker:InvokeEndpoint'], resourceArns: [endpoint] });
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
    for (const id of this.rollbackAlarmIds) {
      const alarm = alarms.alarm(id);
      if (alarm === undefined)
        throw new Error(`${this.node.path}: there is no alarm "${id}" to roll back on`);
      this.resource.node.addDependency(alarm);
    }
  }
}
