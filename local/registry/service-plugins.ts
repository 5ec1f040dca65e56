import { apiGatewayPlugin } from '../apigateway/plugin.ts';
import { applicationAutoScalingPlugin } from '../applicationautoscaling/plugin.ts';
import { cloudFormationPlugin } from '../cloudformation/plugin.ts';
import type { ServicePlugin } from '../core/plugin/service-plugin.ts';
import { dynamodbPlugin } from '../dynamodb/plugin.ts';
import { lambdaPlugin } from '../lambda/plugin.ts';
import { s3Plugin } from '../s3/plugin.ts';
import { createSageMakerPlugin, type SageMakerOptions } from '../sagemaker/plugin.ts';
import { snsPlugin } from '../sns/plugin.ts';
import { sqsPlugin } from '../sqs/plugin.ts';
import { ssmPlugin } from '../ssm/plugin.ts';
import { stepFunctionsPlugin } from '../stepfunctions/plugin.ts';

/** Every emulated service, in the order in which they start: what functions call runs before the functions do. */
export function servicePlugins(
  options: { readonly sagemaker?: SageMakerOptions } = {},
): readonly ServicePlugin[] {
  return [
    ssmPlugin,
    sqsPlugin,
    s3Plugin,
    snsPlugin,
    // Its models take longest to start, and nobody waits for them here.
    createSageMakerPlugin(options.sagemaker),
    dynamodbPlugin,
    lambdaPlugin,
    stepFunctionsPlugin,
    applicationAutoScalingPlugin,
    cloudFormationPlugin,
    apiGatewayPlugin,
  ];
}
