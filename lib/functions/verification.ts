import { createHash } from 'node:crypto';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, IVersion, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Hosting } from '../../contract/deployment.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';
import { FUNCTION_SPECS } from './function-specs.ts';

/** A custom resource's type, as CloudFormation and the console show it. */
export const VERIFICATION_TYPE = 'Custom::FurrowVerification';

/** How long CloudFormation waits for an answer. The function answers before its own time is over. */
const SERVICE_TIMEOUT_SECONDS = FUNCTION_SPECS.verify.timeoutSeconds + 60;

export interface VerificationProps {
  /** What carries it out. */
  readonly function: LambdaFunction;
  /** The new version of the function that predicts. @default - it is not asked */
  readonly predict?: IVersion | undefined;
  /** Every endpoint of the model. */
  readonly endpoints: readonly ModelEndpoint[];
  /** What the endpoints' configurations are made from. */
  readonly hosting: Hosting;
}

/**
 * Proves a deployment before it takes over: every endpoint serves the configuration of this template, and the new version
 * of the function that predicts answers golden predictions rightly. If not, the deployment fails and is rolled back.
 *
 * Each verification is a resource of its own, named by what it is about: CloudFormation creates a new one when something
 * of that changes, and none in a rollback, which a verification that fails again would leave stuck.
 */
export class Verification extends Construct {
  readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: VerificationProps) {
    super(scope, id);
    const { function: fn, predict, endpoints } = props;
    const asking = (version: IVersion) =>
      Grant.addToPrincipal({
        grantee: fn,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [version.functionArn],
      });
    const grants = [
      ...(predict === undefined ? [] : [asking(predict)]),
      ...endpoints.map((endpoint) => endpoint.grantDescribe(fn)),
    ];
    const properties = {
      ServiceToken: fn.functionArn,
      ServiceTimeout: SERVICE_TIMEOUT_SECONDS,
      ...(predict === undefined ? {} : { FunctionArn: predict.functionArn }),
      Endpoints: endpoints.map(({ endpointName, configName }) => ({
        Name: endpointName,
        ConfigName: configName,
      })),
    };
    this.resource = new CfnResource(this, 'Resource', { type: VERIFICATION_TYPE, properties });
    const subject = [
      properties,
      // The cases are in its code: other cases are another verification.
      (fn.node.defaultChild as CfnFunction).code,
      endpoints.map(({ content }) => content),
      props.hosting,
    ];
    const stack = Stack.of(this);
    const logicalId: string = stack.resolve(this.resource.logicalId);
    this.resource.overrideLogicalId(
      // What the new version holds is known when everything else is.
      Lazy.uncachedString({ produce: () => `${logicalId}${digest(stack.resolve(subject))}` }),
    );
    for (const grant of grants) grant.applyBefore(this);
    for (const endpoint of endpoints) endpoint.deployBefore(this);
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
