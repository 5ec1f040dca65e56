import { z } from 'zod';
import type { GoldenPredictions } from '../../contract/golden/golden-cases.ts';
import { awsPorts } from '../verification/aws-ports.ts';
import { type CustomResourceHandler, customResource } from '../verification/custom-resource.ts';
import { verify } from '../verification/verify.ts';

/** What the template says in the custom resource's properties; CloudFormation adds some of its own. */
const properties = z.looseObject({
  Endpoints: z.array(z.looseObject({ Name: z.string(), ConfigName: z.string(), Variant: z.string() })),
  Variants: z.array(z.string()).min(1),
  FunctionArn: z.string(),
  CollectorArn: z.string().optional(),
  ModelData: z.looseObject({ Bucket: z.string(), Key: z.string(), Sha256: z.string() }).optional(),
});

/** The function behind the custom resource that every deployment of a model waits for. */
export function createHandler(golden: GoldenPredictions): CustomResourceHandler {
  const ports = { golden, ...awsPorts() };
  return customResource((sent, signal) => {
    const { Endpoints, Variants, FunctionArn, CollectorArn, ModelData } = properties.parse(sent);
    const endpoints = Endpoints.map(({ Name, ConfigName, Variant }) => ({
      name: Name,
      configName: ConfigName,
      variant: Variant,
    }));
    const modelData = ModelData && { bucket: ModelData.Bucket, key: ModelData.Key, sha256: ModelData.Sha256 };
    return verify(
      ports,
      { endpoints, variants: Variants, functionArn: FunctionArn, collectorArn: CollectorArn, modelData },
      signal,
    );
  });
}
