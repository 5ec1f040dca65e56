import { join, resolve } from 'node:path';
import { z } from 'zod';

export interface StagedAsset {
  readonly kind: 'file' | 'image';
  /** Absolute path of the file or folder in the assembly. */
  readonly path: string;
  readonly packaging: 'zip' | 'file' | 'image';
  /** For an image: the absolute path of its Dockerfile. */
  readonly dockerfile?: string;
}

/** The parts of a `*.assets.json` manifest that say what was staged where. */
export const assetManifestSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({
          path: z.string().optional(),
          packaging: z.enum(['zip', 'file']).default('file'),
        }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })).default({}),
      }),
    )
    .default({}),
  dockerImages: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ directory: z.string().optional(), dockerFile: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ imageTag: z.string() })).default({}),
      }),
    )
    .default({}),
});

export type AssetManifest = z.infer<typeof assetManifestSchema>;

/** Finds staged assets by whatever name a template refers to them. */
export class AssetIndex {
  readonly #byName = new Map<string, StagedAsset>();

  /** @param directory the folder that the manifest's paths are relative to */
  add(directory: string, manifest: AssetManifest): void {
    for (const [hash, file] of Object.entries(manifest.files)) {
      // An asset made by an external command has no staged path before publishing.
      if (file.source.path === undefined) continue;
      const { packaging } = file.source;
      const asset: StagedAsset = { kind: 'file', path: resolve(directory, file.source.path), packaging };
      this.#name(
        asset,
        hash,
        Object.values(file.destinations).map((destination) => destination.objectKey),
      );
    }
    for (const [hash, image] of Object.entries(manifest.dockerImages)) {
      if (image.source.directory === undefined) continue;
      const path = resolve(directory, image.source.directory);
      const dockerfile = join(path, image.source.dockerFile ?? 'Dockerfile');
      const asset: StagedAsset = { kind: 'image', path, packaging: 'image', dockerfile };
      this.#name(
        asset,
        hash,
        Object.values(image.destinations).map((destination) => destination.imageTag),
      );
    }
  }

  /** The asset whose hash, object key or image tag occurs in `name` (a key, an S3 URL or an image URI). */
  find(name: string): StagedAsset | undefined {
    const exact = this.#byName.get(name);
    if (exact !== undefined) return exact;
    let best: string | undefined;
    for (const known of this.#byName.keys()) {
      if (name.includes(known) && (best === undefined || known.length > best.length)) best = known;
    }
    return best === undefined ? undefined : this.#byName.get(best);
  }

  #name(asset: StagedAsset, hash: string, names: readonly string[]): void {
    for (const name of [hash, ...names]) this.#byName.set(name, asset);
  }
}
