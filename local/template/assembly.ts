import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AssetIndex, assetManifestSchema } from './assets.ts';
import { TemplateError } from './errors.ts';
import { type Stack, templateSchema } from './model.ts';

const metadataSchema = z.record(z.string(), z.array(z.looseObject({ type: z.string(), data: z.unknown() })));

const manifestSchema = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        environment: z.string().optional(),
        properties: z
          .looseObject({
            templateFile: z.string().optional(),
            file: z.string().optional(),
            directoryName: z.string().optional(),
            stackName: z.string().optional(),
          })
          .default({}),
        metadata: metadataSchema.optional(),
        additionalMetadataFile: z.string().optional(),
      }),
    )
    .default({}),
});

type Artifact = z.infer<typeof manifestSchema>['artifacts'][string];

/** Everything a synthesized cloud assembly holds that matters on a laptop. */
export interface Assembly {
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  readonly stacks: readonly Stack[];
  readonly assets: AssetIndex;
}

/** Where an assembly that names no account or region is taken to be deployed. */
export const DEFAULT_ACCOUNT_ID = '000000000000';
export const DEFAULT_REGION = 'us-east-1';

/**
 * Reads a cloud assembly (`cdk.out`), its nested assemblies, templates and asset manifests.
 * @throws {TemplateError} where a file is missing or is not what it should be
 */
export function loadAssembly(directory: string): Assembly {
  const assets = new AssetIndex();
  const artifacts = [...readArtifacts(directory)];
  const environments = artifacts
    .filter(({ artifact }) => artifact.type === 'aws:cloudformation:stack')
    .map(({ artifact }) => parseEnvironment(artifact.environment));
  const accountId = environments.find((one) => one.accountId !== undefined)?.accountId ?? DEFAULT_ACCOUNT_ID;
  const region = environments.find((one) => one.region !== undefined)?.region ?? DEFAULT_REGION;

  const stacks: Stack[] = [];
  for (const { id, artifact, folder } of artifacts) {
    if (artifact.type === 'cdk:asset-manifest' && artifact.properties.file !== undefined) {
      assets.add(folder, readJson(join(folder, artifact.properties.file), assetManifestSchema));
    }
    if (artifact.type === 'aws:cloudformation:stack' && artifact.properties.templateFile !== undefined) {
      const environment = parseEnvironment(artifact.environment);
      stacks.push({
        name: artifact.properties.stackName ?? id,
        region: environment.region ?? region,
        accountId: environment.accountId ?? accountId,
        template: readJson(join(folder, artifact.properties.templateFile), templateSchema),
        paths: constructPaths(artifact, folder),
      });
    }
  }
  if (stacks.length === 0) throw new TemplateError(`${directory} holds no stacks: synthesize the app first`);
  return { directory, region, accountId, stacks, assets };
}

function* readArtifacts(folder: string): Generator<{ id: string; artifact: Artifact; folder: string }> {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest))
    throw new TemplateError(`${folder} is not a cloud assembly: it has no manifest.json`);
  for (const [id, artifact] of Object.entries(readJson(manifest, manifestSchema).artifacts)) {
    const nested = artifact.properties.directoryName;
    if (artifact.type === 'cdk:cloud-assembly' && nested !== undefined)
      yield* readArtifacts(join(folder, nested));
    else yield { id, artifact, folder };
  }
}

/** `aws://account/region`, each undefined where synthesis left it open. */
function parseEnvironment(environment: string | undefined): { accountId?: string; region?: string } {
  const [, accountId, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment ?? '') ?? [];
  return {
    ...(accountId !== undefined && accountId !== 'unknown-account' && { accountId }),
    ...(region !== undefined && region !== 'unknown-region' && { region }),
  };
}

/** The assembly keeps construct paths apart from the templates, in the manifest or in a file beside it. */
function constructPaths(artifact: Artifact, folder: string): ReadonlyMap<string, string> {
  const file = artifact.additionalMetadataFile;
  const metadata = {
    ...artifact.metadata,
    ...(file !== undefined && readJson(join(folder, file), metadataSchema)),
  };
  const paths = new Map<string, string>();
  for (const [path, entries] of Object.entries(metadata)) {
    for (const entry of entries) {
      if (entry.type === 'aws:cdk:logicalId' && typeof entry.data === 'string') {
        paths.set(entry.data, path.replace(/^\//, ''));
      }
    }
  }
  return paths;
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new TemplateError(`${file} can't be read: ${(error as Error).message}`);
  }
  const checked = schema.safeParse(parsed);
  if (!checked.success)
    throw new TemplateError(`${file} is not as expected: ${z.prettifyError(checked.error)}`);
  return checked.data;
}
