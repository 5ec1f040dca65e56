import { createHash } from 'node:crypto';

/** The characters of the suffix that CloudFormation draws at random and that is derived here. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The name of a resource that has none of its own: `Stack-LogicalId-SUFFIX` as CloudFormation writes it, but the
 * same at every start, so that data kept on disk is found again.
 * @param maxLength cuts the readable part, never the suffix
 */
export function physicalName(
  resource: { readonly stack: string; readonly logicalId: string },
  maxLength = 64,
): string {
  const suffix = stableId(`${resource.stack}/${resource.logicalId}`, 12);
  return `${`${resource.stack}-${resource.logicalId}`.slice(0, maxLength - suffix.length - 1)}-${suffix}`;
}

/** `length` characters (A–Z, 0–9), the same for the same seed. */
export function stableId(seed: string, length: number): string {
  let id = '';
  for (const byte of createHash('sha512').update(seed).digest().subarray(0, length))
    id += ALPHABET[byte % ALPHABET.length];
  return id;
}
