import { z } from 'zod';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import { parseProperties } from './parse-properties.ts';

/** What deploys models to an endpoint that holds none itself. */
export const COMPONENT = 'AWS::SageMaker::InferenceComponent';

const schema = z.looseObject({
  EndpointName: z.string(),
  Specification: z
    .looseObject({
      ModelName: z.string().optional(),
      StartupParameters: z
        .looseObject({ ContainerStartupHealthCheckTimeoutInSeconds: z.coerce.number().positive().optional() })
        .default({}),
    })
    .default({ StartupParameters: {} }),
  RuntimeConfig: z.looseObject({ CopyCount: z.coerce.number().int().min(0) }).default({ CopyCount: 1 }),
});

/** An inference component: so many copies of one model. */
export interface DeclaredComponent {
  readonly name: string;
  readonly modelName: string;
  readonly copyCount: number;
  readonly startupTimeoutSeconds: number | undefined;
}

/**
 * Finds the one component of an endpoint, or why there is not one that runs here.
 * @throws {Error} where a component is not what CloudFormation takes, naming its construct path
 */
export function componentOf(cloud: LocalCloud, endpoint: string): DeclaredComponent | string {
  const found = cloud
    .resources(COMPONENT)
    .map((resource) => ({
      name: resource.attributes.InferenceComponentName ?? resource.ref,
      ...parseProperties(resource, schema),
    }))
    .filter(({ EndpointName }) => EndpointName === endpoint);
  const [one, ...others] = found;
  if (one === undefined) return 'it holds neither a model nor an inference component';
  if (others.length > 0) return 'several inference components in one endpoint are not emulated';
  const { ModelName: modelName, StartupParameters: startup } = one.Specification;
  if (modelName === undefined) return 'inference components without a model are not emulated';
  return {
    name: one.name,
    modelName,
    copyCount: one.RuntimeConfig.CopyCount,
    startupTimeoutSeconds: startup.ContainerStartupHealthCheckTimeoutInSeconds,
  };
}
