import {
  Alias,
  type IFunction,
  type IVersion,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ProvisionedConcurrency } from '../../contract/scaling.ts';
import { ProvisionedScaling } from '../hosting/provisioned-scaling.ts';

/** Its name is a part of what is registered for scaling. */
const ALIAS = 'live';

/**
 * A function's current version under an alias, with execution environments that are kept ready. Lambda provisions
 * versions and aliases only, and the alias moves to a new version when the environments of that one are ready.
 */
export class ProvisionedAlias extends Construct {
  readonly alias: IFunction;

  constructor(scope: Construct, id: string, fn: LambdaFunction, provisioned: ProvisionedConcurrency) {
    super(scope, id);
    const alias = new Alias(this, 'Alias', {
      aliasName: ALIAS,
      // Both are what their interfaces say: only the compiler's exact optional properties see a difference in a getter.
      version: fn.currentVersion as IVersion,
      provisionedConcurrentExecutions: provisioned.min,
    });
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
    this.alias = alias as IFunction;
  }
}
