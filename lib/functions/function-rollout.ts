import { CfnApplication, CfnDeploymentConfig, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnAlias, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Rollout } from '../../contract/deployment/rollout.ts';
import { type AlarmsById, deployAfterAlarms, watchAlarmsStatement } from '../alarms/rollback-alarms.ts';
import { alarmName } from '../names.ts';

/** A rollout that takes more than one step. */
export type GradualRollout = Exclude<Rollout, { strategy: 'all-at-once' }>;

export interface FunctionRolloutProps {
  readonly environment: string;
  readonly model: string;
  /** Whose alias is shifted. */
  readonly function: LambdaFunction;
  readonly rollout: GradualRollout;
  /** The ids of the alarms that shift it back. */
  readonly alarmIds: readonly string[];
}

/**
 * Shifts a function's alias from the old version to the new one by the model's rollout, and back when one of its alarms
 * fires: CodeDeploy does it whenever CloudFormation changes the alias.
 */
export class FunctionRollout extends Construct {
  readonly #application: CfnApplication;
  readonly #group: CfnDeploymentGroup;
  readonly #alarmIds: readonly string[];

  constructor(scope: Construct, id: string, props: FunctionRolloutProps) {
    super(scope, id);
    this.#alarmIds = props.alarmIds;
    const alarmNames = props.alarmIds.map((one) => alarmName(props.environment, props.model, one));
    this.#application = new CfnApplication(this, 'Application', { computePlatform: 'Lambda' });
    const config = new CfnDeploymentConfig(this, 'Config', {
      computePlatform: 'Lambda',
      trafficRoutingConfig: trafficRouting(props.rollout),
    });
    this.#group = new CfnDeploymentGroup(this, 'Group', {
      applicationName: this.#application.ref,
      deploymentConfigName: config.ref,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      serviceRoleArn: shiftingRole(this, props.function, alarmNames).roleArn,
      alarmConfiguration: { enabled: true, alarms: alarmNames.map((name) => ({ name })) },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
  }

  /** Has CodeDeploy carry out every change of an alias. */
  shift(alias: CfnAlias): void {
    alias.cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: {
        applicationName: this.#application.ref,
        deploymentGroupName: this.#group.ref,
      },
    };
    alias.node.addDependency(this.#group);
  }

  /** Has the alarms in place before a shift begins: CodeDeploy would take one that is not there for a failure. */
  watchDuringRollout(alarms: AlarmsById): void {
    deployAfterAlarms(this.#group, this.#alarmIds, alarms);
  }
}

/**
 * Functions have no instances that could be replaced in batches: a rolling update of instances is, for them, a linear
 * shift in steps of the same size.
 */
function trafficRouting(rollout: GradualRollout): CfnDeploymentConfig.TrafficRoutingConfigProperty {
  const { bakeMinutes } = rollout;
  switch (rollout.strategy) {
    case 'canary':
      return {
        type: 'TimeBasedCanary',
        timeBasedCanary: { canaryPercentage: rollout.percent, canaryInterval: bakeMinutes },
      };
    case 'linear':
      return {
        type: 'TimeBasedLinear',
        timeBasedLinear: { linearPercentage: rollout.percent, linearInterval: bakeMinutes },
      };
    case 'rolling':
      return {
        type: 'TimeBasedLinear',
        timeBasedLinear: { linearPercentage: rollout.maxBatchPercent, linearInterval: bakeMinutes },
      };
  }
}

/** What CodeDeploy may do: move this function's aliases, and read the alarms. The managed policy would be for all of them. */
function shiftingRole(scope: Construct, fn: LambdaFunction, alarmNames: readonly string[]): Role {
  const statements = [
    new PolicyStatement({
      sid: 'ShiftAlias',
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
      resources: [fn.functionArn],
    }),
    watchAlarmsStatement(scope, alarmNames),
  ];
  return new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
    description: `What CodeDeploy may do to shift ${fn.node.path}`,
    inlinePolicies: { Shift: new PolicyDocument({ statements }) },
  });
}
