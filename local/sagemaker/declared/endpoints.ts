import { z } from 'zod';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import { type Container, containerSchema } from '../model/container.ts';
import { asynchronousSchema, type DeclaredAsynchronous } from './asynchronous.ts';
import { componentOf, type DeclaredComponent } from './components.ts';
import { parseProperties } from './parse-properties.ts';

const modelSchema = z.looseObject({
  ExecutionRoleArn: z.string().optional(),
  PrimaryContainer: containerSchema.optional(),
  Containers: z.array(containerSchema).optional(),
});

const variantSchema = z.looseObject({
  VariantName: z.string(),
  ModelName: z.string().optional(),
  InitialVariantWeight: z.coerce.number().min(0).default(1),
  InitialInstanceCount: z.coerce.number().int().positive().default(1),
  ContainerStartupHealthCheckTimeoutInSeconds: z.coerce.number().positive().optional(),
  ServerlessConfig: z
    .looseObject({
      MaxConcurrency: z.coerce.number().int().positive(),
      ProvisionedConcurrency: z.coerce.number().int().min(0).default(0),
    })
    .optional(),
});

const configSchema = z.looseObject({
  ProductionVariants: z.array(variantSchema).min(1),
  ShadowProductionVariants: z.array(z.unknown()).default([]),
  AsyncInferenceConfig: asynchronousSchema.optional(),
});

const endpointSchema = z.looseObject({ EndpointConfigName: z.string() });

/** A production variant as its endpoint config declares it. */
export interface DeclaredVariant {
  readonly name: string;
  /** The inference component whose copies serve it, each as an instance; undefined where it holds the model itself. */
  readonly component: string | undefined;
  readonly weight: number;
  readonly container: Container;
  /** How many instances serve it; one where it is serverless. */
  readonly instanceCount: number;
  /** Undefined on instances. */
  readonly serverless:
    | { readonly maxConcurrency: number; readonly provisionedConcurrency: number }
    | undefined;
  readonly startupTimeoutSeconds: number | undefined;
}

export interface DeclaredEndpoint {
  readonly name: string;
  readonly path: string;
  readonly configName: string;
  readonly variants: readonly DeclaredVariant[];
  /** How its queue works; undefined where it answers at once. */
  readonly asynchronous: (DeclaredAsynchronous & { readonly roleArn: string }) | undefined;
  /** Why nothing here can serve it; undefined where it can. */
  readonly unsupported: string | undefined;
}

/**
 * Reads every endpoint with its config and models.
 * @throws {Error} where an endpoint names a config, or a config a model, that no template declares
 */
export function readEndpoints(cloud: LocalCloud): readonly DeclaredEndpoint[] {
  const models = byAttribute(cloud, 'AWS::SageMaker::Model', 'ModelName', modelSchema);
  const configs = byAttribute(cloud, 'AWS::SageMaker::EndpointConfig', 'EndpointConfigName', configSchema);
  return cloud.resources('AWS::SageMaker::Endpoint').map((resource) => {
    const { path } = resource;
    const name = resource.attributes.EndpointName ?? resource.ref;
    const { EndpointConfigName: configName } = endpointSchema.parse(resource.properties);
    const config = configs.get(configName);
    if (config === undefined)
      throw new Error(`${path}: no template declares the endpoint config ${configName}`);
    const notHere = (unsupported: string): DeclaredEndpoint => ({
      name,
      path,
      configName,
      variants: [],
      asynchronous: undefined,
      unsupported,
    });
    const unsupported = unsupportedConfig(config);
    if (unsupported !== undefined) return notHere(unsupported);
    const variants: DeclaredVariant[] = [];
    for (const variant of config.ProductionVariants) {
      const component = variant.ModelName === undefined ? componentOf(cloud, name) : undefined;
      if (typeof component === 'string') return notHere(component);
      const modelName = component?.modelName ?? variant.ModelName ?? '';
      const model = models.get(modelName);
      if (model === undefined) throw new Error(`${path}: no template declares the model ${modelName}`);
      const containers =
        model.Containers ?? (model.PrimaryContainer === undefined ? [] : [model.PrimaryContainer]);
      const [container] = containers;
      if (container === undefined || containers.length > 1) {
        return notHere('models of several containers are not emulated');
      }
      variants.push(declareVariant(variant, container, component));
    }
    const roleArn = models.get(config.ProductionVariants[0]?.ModelName ?? '')?.ExecutionRoleArn ?? '';
    const asynchronous = config.AsyncInferenceConfig && { ...config.AsyncInferenceConfig, roleArn };
    return { name, path, configName, variants, asynchronous, unsupported: undefined };
  });
}

/** A model by itself, as a transform job uses it. */
export interface DeclaredModel {
  /** Its container; undefined where it has several, or none. */
  readonly container: Container | undefined;
  readonly roleArn: string;
}

/** Every model, by its name. */
export function readModels(cloud: LocalCloud): ReadonlyMap<string, DeclaredModel> {
  const models = byAttribute(cloud, 'AWS::SageMaker::Model', 'ModelName', modelSchema);
  return new Map(
    [...models].map(([name, { PrimaryContainer, Containers = [], ExecutionRoleArn = '' }]) => {
      const [only, ...others] = PrimaryContainer === undefined ? Containers : [PrimaryContainer];
      return [name, { container: others.length > 0 ? undefined : only, roleArn: ExecutionRoleArn }];
    }),
  );
}

function unsupportedConfig(config: z.infer<typeof configSchema>): string | undefined {
  if (config.ShadowProductionVariants.length > 0) return 'shadow variants are not emulated';
  return undefined;
}

function declareVariant(
  variant: z.infer<typeof variantSchema>,
  container: Container,
  component: DeclaredComponent | undefined,
): DeclaredVariant {
  const { ServerlessConfig: serverless } = variant;
  const instanceCount = component?.copyCount ?? variant.InitialInstanceCount;
  return {
    name: variant.VariantName,
    component: component?.name,
    weight: variant.InitialVariantWeight,
    container,
    instanceCount: serverless === undefined ? instanceCount : 1,
    serverless: serverless && {
      maxConcurrency: serverless.MaxConcurrency,
      provisionedConcurrency: serverless.ProvisionedConcurrency,
    },
    startupTimeoutSeconds:
      component?.startupTimeoutSeconds ?? variant.ContainerStartupHealthCheckTimeoutInSeconds,
  };
}

function byAttribute<T>(
  cloud: LocalCloud,
  type: string,
  attribute: string,
  schema: z.ZodType<T>,
): ReadonlyMap<string, T> {
  return new Map(
    cloud
      .resources(type)
      .map((resource) => [resource.attributes[attribute] ?? resource.ref, parseProperties(resource, schema)]),
  );
}
