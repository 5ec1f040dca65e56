import { createHash } from 'node:crypto';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type IFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Hosting } from '../../contract/deployment/deployment.ts';
import type { DeclaredObject } from '../containers/model-object.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';

/** A custom resource's type, as CloudFormation and the console show it. */
export const VERIFICATION_TYPE = 'Custom::FurrowVerification';

/** How much longer CloudFormation waits for an answer than the function may take, which answers before its time is over. */
const SERVICE_MARGIN_SECONDS = 60;

export interface VerificationProps {
  /** What carries it out. */
  readonly function: LambdaFunction;
  /** How long that may take. */
  readonly timeoutSeconds: number;
  /** The new version of the function that predicts; or the function, where another version alone is nothing to verify. */
  readonly predict: IFunction;
  /** What reads answers that come later. @default - they come at once */
  readonly collector?: IFunction | undefined;
  /** Who is asked: the champion, challengers and shadows. */
  readonly variants: readonly string[];
  /** Every endpoint of the model. */
  readonly endpoints: readonly ModelEndpoint[];
  /** What the endpoints' configurations are made from. */
  readonly hosting: Hosting;
}

/**
 * Proves a deployment before it takes over: the model's data are what is declared, every endpoint serves the configuration of
 * this template, and by the new function that predicts, the champion answers golden predictions rightly and every other
 * variant answers them at all. If not, the deployment fails and is rolled back.
 *
 * Each verification is a resource of its own, named by what it is about: CloudFormation creates a new one when something
 * of that changes, and none in a rollback, which a verification that fails again would leave stuck.
 */
export class Verification extends Construct {
  readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: VerificationProps) {
    super(scope, id);
    const { function: fn, predict, collector, endpoints } = props;
    const modelData = endpoints
      .map(({ served }) => served.data)
      .find(({ declared }) => declared !== undefined);
    const asked = [predict, ...(collector === undefined ? [] : [collector])];
    const grants = [
      Grant.addToPrincipal({
        grantee: fn,
        actions: ['lambda:InvokeFunction'],
        resourceArns: asked.map(({ functionArn }) => functionArn),
      }),
      ...endpoints.map((endpoint) => endpoint.grantDescribe(fn)),
      ...(modelData?.grantCheck(fn) ?? []),
    ];
    const properties = {
      ServiceToken: fn.functionArn,
      ServiceTimeout: props.timeoutSeconds + SERVICE_MARGIN_SECONDS,
      FunctionArn: predict.functionArn,
      ...(collector === undefined ? {} : { CollectorArn: collector.functionArn }),
      Variants: props.variants,
      ...declaredProperties(modelData?.declared),
      Endpoints: endpoints.map(({ endpointName, configName, variantName }) => ({
        Name: endpointName,
        ConfigName: configName,
        Variant: variantName,
      })),
    };
    this.resource = new CfnResource(this, 'Resource', { type: VERIFICATION_TYPE, properties });
    const subject = [
      properties,
      // The cases are in the code of what verifies: other cases are another verification.
      ...[fn, ...asked].map(contentOf),
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

/** Variants bring data of their own, so that one endpoint at most has data that were in S3 before. */
function declaredProperties(declared: DeclaredObject | undefined) {
  if (declared === undefined) return {};
  return { ModelData: { Bucket: declared.bucket, Key: declared.key, Sha256: declared.sha256 } };
}

/** What a function without versions makes of a question; undefined for a version, whose name says it. */
function contentOf({ node: { defaultChild } }: IFunction) {
  if (!(defaultChild instanceof CfnFunction)) return undefined;
  const { code, memorySize, vpcConfig } = defaultChild;
  return { code, memorySize, vpcConfig };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
