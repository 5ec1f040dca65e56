import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { ApiKey, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { inlineFunction } from '../lambda/fixture.ts';

export const EXAMPLE_REQUEST = `{"input":{"note":"it's \\"quoted\\" $HOME"}}`;

/** A stack as the project's own look from outside: an API with a key, and the outputs that name it. */
export function modelStack(name: string): (stack: Stack) => void {
  return (stack) => {
    const api = new RestApi(stack, 'Api', { restApiName: name, deployOptions: { stageName: name } });
    const predict = inlineFunction(
      stack,
      `${name}-predict`,
      'globalThis.n = (globalThis.n ?? 0) + 1; return { statusCode: 200, body: JSON.stringify({ n, pid: process.pid, got: JSON.parse(event.body) }) }',
    );
    const options = { apiKeyRequired: true };
    api.root.addResource('predictions').addMethod('POST', new LambdaIntegration(predict), options);
    const key = new ApiKey(stack, 'Key');
    const plan = api.addUsagePlan('Plan');
    plan.addApiStage({ stage: api.deploymentStage });
    plan.addApiKey(key);
    new CfnOutput(stack, 'ModelName', { value: name });
    new CfnOutput(stack, 'ApiUrl', { value: api.url });
    new CfnOutput(stack, 'ApiKeyId', { value: key.keyId });
    new CfnOutput(stack, 'ExampleRequest', { value: EXAMPLE_REQUEST });
  };
}
