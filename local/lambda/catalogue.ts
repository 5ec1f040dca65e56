import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { type FunctionReference, parseFunctionReference } from './arn.ts';
import { FunctionNotFound } from './errors.ts';
import { type FunctionConfig, readFunction } from './functions.ts';
import { aliasProperties, versionProperties } from './properties.ts';

/** A function as one invocation addresses it. */
export interface Target {
  readonly config: FunctionConfig;
  readonly reference: FunctionReference;
  /** `$LATEST` or a number, whatever the alias in between. */
  readonly version: string;
  /** The ARN as invoked, with its qualifier. */
  readonly invokedArn: string;
}

const LATEST = '$LATEST';

/** The functions of the templates with their versions and aliases. */
export class Catalogue {
  readonly functions: ReadonlyMap<string, FunctionConfig>;
  /** Versions by `name:qualifier`. */
  readonly #qualifiers = new Map<string, string>();

  /** @throws {Error} where Lambda would refuse a function, naming its construct path */
  constructor(cloud: Pick<LocalCloud, 'resources' | 'region'>) {
    const functions = cloud.resources('AWS::Lambda::Function').map((one) => readFunction(one, cloud.region));
    this.functions = new Map(functions.map((one) => [one.name, one]));
    for (const resource of cloud.resources('AWS::Lambda::Version')) {
      const { FunctionName } = read(versionProperties, resource);
      const version = resource.attributes.Version ?? '1';
      this.#qualifiers.set(`${nameOf(FunctionName, resource)}:${version}`, version);
    }
    for (const resource of cloud.resources('AWS::Lambda::Alias')) {
      const { FunctionName, FunctionVersion, Name } = read(aliasProperties, resource);
      this.#qualifiers.set(`${nameOf(FunctionName, resource)}:${Name}`, FunctionVersion);
    }
  }

  /**
   * @param functionName in any form that Lambda accepts
   * @throws {FunctionNotFound} where no template declares it
   */
  find(functionName: string): Target {
    const reference = parseFunctionReference(functionName);
    const config = reference === undefined ? undefined : this.functions.get(reference.name);
    if (reference === undefined || config === undefined) throw new FunctionNotFound(functionName);
    const { name, qualifier } = reference;
    if (qualifier === undefined) return { config, reference, version: LATEST, invokedArn: config.arn };
    const invokedArn = `${config.arn}:${qualifier}`;
    const version = qualifier === LATEST ? LATEST : this.#qualifiers.get(`${name}:${qualifier}`);
    if (version === undefined) throw new FunctionNotFound(invokedArn);
    return { config, reference, version, invokedArn };
  }
}

function read<T>(schema: z.ZodType<T>, resource: LocalResource): T {
  const parsed = schema.safeParse(resource.properties);
  if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function nameOf(functionName: string, resource: LocalResource): string {
  const reference = parseFunctionReference(functionName);
  if (reference === undefined)
    throw new Error(`${resource.path}: FunctionName ${functionName} names no function`);
  return reference.name;
}
