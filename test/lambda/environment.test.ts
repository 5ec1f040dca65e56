import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../lambda/environment.ts';

describe('readEnvironment', () => {
  it('names everything that is missing or unusable at once', () => {
    expect(() =>
      readEnvironment(['TABLE_NAME', 'RETENTION_DAYS', 'ENDPOINT_NAME'], {
        RETENTION_DAYS: 'x',
        ENDPOINT_NAME: 'furrow-dev-harvest-serverless',
      }),
    ).toThrow('environment: TABLE_NAME is not set, RETENTION_DAYS is not usable');
  });

  it('reads JSON, and names a variable that is none or does not fit', () => {
    const VARIANTS = '[{"name":"champion","version":"1.0.0","weight":0}]';
    expect(readEnvironment(['VARIANTS'], { VARIANTS })).toEqual({
      VARIANTS: [{ name: 'champion', version: '1.0.0', weight: 0 }],
    });
    expect(() =>
      readEnvironment(['VARIANTS', 'SHADOWS'], { VARIANTS: 'champion', SHADOWS: '[{"name":"x"}]' }),
    ).toThrow('environment: VARIANTS is not usable, SHADOWS is not usable');
  });

  it('answers numbers as numbers', () => {
    expect(readEnvironment(['RETENTION_DAYS'], { RETENTION_DAYS: '400' })).toEqual({ RETENTION_DAYS: 400 });
  });
});
