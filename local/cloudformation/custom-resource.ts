import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';

/** A custom resource of a template. */
export interface CustomResource {
  /** Its stack and its logical id: while these stay, it is the same resource. */
  readonly key: string;
  readonly path: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** The function that provides it. */
  readonly serviceToken: string;
  /** As CloudFormation passes them on: every number and truth value as text. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a deployment changes of the custom resources. */
export interface Changes {
  readonly created: readonly CustomResource[];
  readonly updated: readonly { readonly before: CustomResource; readonly after: CustomResource }[];
  readonly deleted: readonly CustomResource[];
}

const GENERIC = 'AWS::CloudFormation::CustomResource';

const properties = z.looseObject({ ServiceToken: z.string() });

/** Whether a type is one that templates name by themselves, for a resource that a function provides. */
export function isCustom(type: string): boolean {
  return type === GENERIC || type.startsWith('Custom::');
}

/** Every custom resource of the templates. @throws {Error} where one has no ServiceToken */
export function readCustomResources(cloud: LocalCloud): readonly CustomResource[] {
  return cloud
    .types()
    .filter(isCustom)
    .flatMap((type) => cloud.resources(type))
    .map(({ path, stack, logicalId, type, properties: declared }) => {
      const parsed = properties.safeParse(declared);
      if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
      return {
        key: `${stack}/${logicalId}`,
        path,
        stack,
        logicalId,
        type,
        serviceToken: parsed.data.ServiceToken,
        properties: asText(declared) as Record<string, unknown>,
      };
    });
}

/** What has to be done to come from one deployment's custom resources to the next one's. */
export function changesBetween(before: readonly CustomResource[], after: readonly CustomResource[]): Changes {
  const known = new Map(before.map((one) => [one.key, one]));
  const kept = new Set(after.map(({ key }) => key));
  return {
    created: after.filter(({ key }) => !known.has(key)),
    updated: after.flatMap((one) => {
      const old = known.get(one.key);
      const isSame = old === undefined || isDeepStrictEqual(old.properties, one.properties);
      return isSame ? [] : [{ before: old, after: one }];
    }),
    deleted: before.filter(({ key }) => !kept.has(key)),
  };
}

function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asText(one)]));
}
