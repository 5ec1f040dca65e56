import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Container, ModelData } from '../../contract/deployment/containers.ts';
import type { Codec } from '../../contract/tensors/codecs.ts';
import { containerEnvironment } from '../containers/container-environment.ts';
import { ContainerImage } from '../containers/container-image.ts';
import { ModelObject } from '../containers/model-object.ts';
import type { Environment } from '../environment.ts';
import { acknowledgeInterfaces, containerInterfaceStatements } from '../network/interface-permissions.ts';
import type { NetworkPlacement } from '../network/placement.ts';
import type { DataKey } from '../security/data-key.ts';
import { executionRole } from './execution-role.ts';
import type { ServingBuild } from './serving-build.ts';

export interface ServedModelProps {
  readonly environment: Environment;
  /** @default - AWS manages the keys of logs and instances */
  readonly key?: DataKey | undefined;
  /** @default - the model has no endpoint, and so no log group for one */
  readonly endpointName?: string;
  readonly container: Container;
  readonly serving: ServingBuild;
  /** Where SageMaker keeps the container's logs and metrics. */
  readonly logNamespace: string;
  /** @default - the archive that was built */
  readonly modelData?: ModelData | undefined;
  /** Whether the container is cut off from every network. */
  readonly networkIsolation: boolean;
  /**
   * Where instances get their network interfaces. A container that is cut off has no use for one: SageMaker downloads the
   * model's data through it. @default - SageMaker's own network
   */
  readonly network?: NetworkPlacement | undefined;
  /** The key of the instances' storage. @default - SageMaker's own */
  readonly storageKey?: DataKey | undefined;
  /** @default - none */
  readonly rollbackAlarmNames?: readonly string[];
  /** What the endpoint's role may do besides. @default - nothing */
  readonly statements?: readonly PolicyStatement[];
}

/** A SageMaker model: its container's image, the model's data, and the role both are used with. */
export class ServedModel extends Construct {
  /** The model's name as CloudFormation made it: a fixed one would make every replacement fail. */
  readonly modelName: string;
  readonly role: IRole;
  readonly data: ModelObject;
  /** How tensors travel to its container and back. */
  readonly codec: Codec;

  constructor(scope: Construct, id: string, props: ServedModelProps) {
    super(scope, id);
    const { container, serving } = props;
    const image = new ContainerImage(this, 'Image', { container, imageFolder: serving.imageFolder });
    this.data = new ModelObject(this, 'Data', { modelData: props.modelData, archive: serving.archive });
    const logGroup = this.#logGroup(props);
    const role = executionRole(this, 'Role', {
      image,
      modelData: this.data,
      logGroup,
      metricNamespace: props.logNamespace,
      storageKey: props.storageKey,
      rollbackAlarmNames: props.rollbackAlarmNames ?? [],
      statements: [
        ...(props.network === undefined ? [] : containerInterfaceStatements(this)),
        ...(props.statements ?? []),
      ],
    });
    if (props.network !== undefined) acknowledgeInterfaces(role);
    const environment = containerEnvironment(container);
    const model = new CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      enableNetworkIsolation: props.networkIsolation,
      primaryContainer: {
        image: image.uri,
        modelDataUrl: this.data.url,
        ...(Object.keys(environment).length === 0 ? {} : { environment }),
      },
      ...(props.network === undefined
        ? {}
        : {
            vpcConfig: { subnets: props.network.subnetIds, securityGroupIds: props.network.securityGroupIds },
          }),
    });
    model.node.addDependency(role, ...(logGroup === undefined ? [] : [logGroup]));
    this.modelName = model.attrModelName;
    this.role = role;
    this.codec = container.codec;
  }

  #logGroup({ endpointName, logNamespace, environment, key }: ServedModelProps): LogGroup | undefined {
    if (endpointName === undefined) return undefined;
    return new LogGroup(this, 'Logs', {
      logGroupName: `${logNamespace}/${endpointName}`,
      retention: environment.logRetentionDays,
      // SageMaker fixes the name: if the group stayed behind, the stack could not be created again.
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key === undefined ? {} : { encryptionKey: key.key }),
    });
  }
}
