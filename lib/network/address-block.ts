import { isIPv4 } from 'node:net';

/** A block of IPv4 addresses. */
export interface AddressBlock {
  /** Its first address, as a number. */
  readonly first: number;
  /** How many bits all its addresses share. */
  readonly prefixLength: number;
}

/** The blocks for private use (RFC 1918). */
const PRIVATE: readonly AddressBlock[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap(
  (text) => addressBlock(text) ?? [],
);

/** Reads a block such as `10.20.0.0/20`; undefined where the text is none, or names an address within one. */
export function addressBlock(text: string): AddressBlock | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/.test(length) || Number(length) > 32 || rest.length > 0)
    return undefined;
  const first = address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
  const prefixLength = Number(length);
  return first % sizeOf(prefixLength) === 0 ? { first, prefixLength } : undefined;
}

/** Whether nobody on the internet has an address of the block. */
export function isPrivateBlock({ first, prefixLength }: AddressBlock): boolean {
  return PRIVATE.some(
    (block) =>
      prefixLength >= block.prefixLength &&
      first >= block.first &&
      first < block.first + sizeOf(block.prefixLength),
  );
}

function sizeOf(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}
