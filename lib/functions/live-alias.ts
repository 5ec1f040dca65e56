import {
  Alias,
  type CfnAlias,
  type IFunction,
  type IVersion,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ProvisionedConcurrency } from '../../contract/deployment/scaling.ts';
import { ProvisionedScaling } from '../hosting/provisioned-scaling.ts';
import type { FunctionRollout } from './function-rollout.ts';

/** Its name is a part of what is registered for scaling. */
const ALIAS = 'live';

export interface LiveAliasProps {
  readonly function: LambdaFunction;
  /** Execution environments that are kept ready. @default - none */
  readonly provisioned?: ProvisionedConcurrency | undefined;
  /** Shifts the alias to a new version by and by. @default - it moves at once, or as its environments get ready */
  readonly rollout?: FunctionRollout | undefined;
}

/**
 * What callers reach of a function: a version that was published for one deployment, under a name that stays. Whatever
 * has to be true before a new version is asked, the alias depends on.
 */
export class LiveAlias extends Construct {
  /** For whoever calls it. */
  readonly alias: IFunction;
  /** The version of this deployment, which exists before the alias names it. */
  readonly version: IVersion;

  constructor(scope: Construct, id: string, props: LiveAliasProps) {
    super(scope, id);
    const { function: fn, provisioned, rollout } = props;
    // Both are what their interfaces say: only the compiler's exact optional properties see a difference in a getter.
    this.version = fn.currentVersion as IVersion;
    const alias = new Alias(this, 'Alias', {
      aliasName: ALIAS,
      version: this.version,
      ...(provisioned === undefined ? {} : { provisionedConcurrentExecutions: provisioned.min }),
    });
    this.alias = alias as IFunction;
    rollout?.shift(alias.node.defaultChild as CfnAlias);
    if (provisioned === undefined) return;
    new ProvisionedScaling(
      this,
      'Scaling',
      {
        serviceNamespace: 'lambda',
        scalableDimension: 'lambda:function:ProvisionedConcurrency',
        metric: 'LambdaProvisionedConcurrencyUtilization',
        resourceId: `function:${fn.functionName}:${ALIAS}`,
        resource: alias,
      },
      provisioned,
    );
  }
}
