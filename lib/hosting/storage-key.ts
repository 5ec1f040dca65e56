import type { DataKey } from '../security/data-key.ts';
import { hasInstanceStorage } from './instance-families.ts';

/**
 * The key that SageMaker encrypts the storage of instances with; undefined for a key of its own, and for families that
 * encrypt their disks in hardware and take none.
 */
export function storageKeyOf(instanceType: string, key: DataKey | undefined): DataKey | undefined {
  return hasInstanceStorage(instanceType) ? undefined : key;
}
