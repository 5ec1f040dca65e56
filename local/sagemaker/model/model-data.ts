import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { extract } from 'tar';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { Container } from './container.ts';
import { UnrunnableImage } from './dockerfile.ts';

/**
 * The folder that a container would find at `/opt/ml/model`: the model archive, unpacked under the data directory.
 * @returns undefined where the container has no model data
 * @throws {UnrunnableImage} where the data is not in the assembly
 */
export async function provideModelData(cloud: LocalCloud, container: Container): Promise<string | undefined> {
  const url = container.ModelDataUrl ?? container.ModelDataSource?.S3DataSource?.S3Uri;
  if (url === undefined) return undefined;
  const asset = cloud.asset(url);
  if (asset?.kind !== 'file') throw new UnrunnableImage(`the model data ${url} is not in this assembly`);
  if (asset.packaging === 'zip') return asset.path;

  // Staged files are named by their content, so what lies under this name is never out of date.
  const key = createHash('sha256').update(basename(asset.path)).digest('hex').slice(0, 32);
  const models = join(cloud.dataDir, 'models');
  const target = join(models, key);
  if (existsSync(target)) return target;
  mkdirSync(models, { recursive: true });
  const partial = mkdtempSync(join(models, '.partial-'));
  try {
    await extract({ file: asset.path, cwd: partial, strict: true });
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw new UnrunnableImage(`the model data ${url} can't be unpacked: ${(error as Error).message}`);
  }
  return target;
}
