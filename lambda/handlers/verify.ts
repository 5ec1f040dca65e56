import { z } from 'zod';
import type { GoldenPredictions } from '../../contract/golden-cases.ts';
import { verify } from '../operations/verify.ts';
import { awsPorts } from '../verification/aws-ports.ts';
import { type CustomResourceHandler, customResource } from '../verification/custom-resource.ts';

/** What the template says in the custom resource's properties; CloudFormation adds some of its own. */
const properties = z.looseObject({
  Endpoints: z.array(z.looseObject({ Name: z.string(), ConfigName: z.string() })),
  FunctionArn: z.string().optional(),
});

/** The function behind the custom resource that every deployment of a model waits for. */
export function createHandler(golden: GoldenPredictions): CustomResourceHandler {
  const ports = { golden, ...awsPorts() };
  return customResource((sent, signal) => {
    const { Endpoints, FunctionArn } = properties.parse(sent);
    const endpoints = Endpoints.map(({ Name, ConfigName }) => ({ name: Name, configName: ConfigName }));
    return verify(ports, { endpoints, functionArn: FunctionArn }, signal);
  });
}
