import { describe, expect, it } from 'vitest';
import { defineDeployment, settingsFor } from '../../../contract/deployment/deployment.ts';

const declared = (firewall: object, environments = {}) =>
  defineDeployment({
    hosting: { mode: 'lambda' },
    objectives: { latencyP95Ms: 300 },
    firewall: firewall as { perAddress: { requests: number } },
    environments,
  });

describe('a firewall', () => {
  it('looks back five minutes unless told otherwise, and may differ between environments', () => {
    const strict = { firewall: { perAddress: { requests: 10, windowMinutes: 1 } } };
    const deployment = declared({ perAddress: { requests: 3000 } }, { prod: strict });

    expect(settingsFor(deployment, 'dev').firewall).toEqual({
      perAddress: { requests: 3000, windowMinutes: 5 },
    });
    expect(settingsFor(deployment, 'prod').firewall).toEqual(strict.firewall);
  });

  it.each([
    ['perAddress.requests', { perAddress: { requests: 9 } }],
    ['perAddress.requests', { perAddress: { requests: 2_000_000_001 } }],
    ['perAddress.windowMinutes', { perAddress: { requests: 100, windowMinutes: 3 } }],
    ['perAddress', {}],
  ])('that AWS would not take is refused: %s', (place, wrong) => {
    expect(() => declared(wrong)).toThrow(`firewall.${place}: `);
  });
});
