import { describe, expect, it } from 'vitest';
import { addressBlock, isPrivateBlock } from '../../../lib/network/address-block.ts';

describe('a block of addresses', () => {
  it('begins with its first address', () => {
    expect(addressBlock('10.20.0.0/20')).toEqual({ first: 10 * 2 ** 24 + 20 * 2 ** 16, prefixLength: 20 });
    expect(addressBlock('0.0.0.0/0')).toEqual({ first: 0, prefixLength: 0 });
  });

  it.each([
    '10.20.1.0/20',
    '10.20.0.0',
    '10.20.0/20',
    '10.20.0.0/33',
    '10.20.0.0/',
    '10.0.0.0/8/8',
    'fd00::/8',
  ])('is not %s', (text) => {
    expect(addressBlock(text)).toBeUndefined();
  });

  it.each([
    ['10.0.0.0/8', true],
    ['10.255.255.0/24', true],
    ['172.16.0.0/12', true],
    ['172.31.240.0/20', true],
    ['192.168.0.0/16', true],
    ['172.32.0.0/16', false],
    ['172.0.0.0/8', false],
    ['11.0.0.0/16', false],
    ['0.0.0.0/0', false],
  ])('%s is private: %j', (text, isPrivate) => {
    const block = addressBlock(text);

    expect(block !== undefined && isPrivateBlock(block)).toBe(isPrivate);
  });
});
