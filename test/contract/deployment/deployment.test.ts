import { describe, expect, it } from 'vitest';
import { defineDeployment, settingsFor } from '../../../contract/deployment/deployment.ts';

const base = { hosting: { mode: 'lambda' as const }, objectives: { latencyP95Ms: 300 } };

describe('defineDeployment', () => {
  it('fills in what is not said', () => {
    expect(settingsFor(defineDeployment(base), 'dev')).toEqual({
      hosting: { mode: 'lambda', memoryMb: 1024 },
      objectives: { availabilityPercent: 99.5, latencyP95Ms: 300 },
      access: { kind: 'api-key', requestsPerSecond: 50, burst: 100 },
      rollout: { strategy: 'canary', percent: 10, bakeMinutes: 10 },
      capture: { retentionDays: 400 },
    });
  });

  it('puts an environment before the deployment, and both before the defaults', () => {
    const deployment = defineDeployment({
      ...base,
      capture: { retentionDays: 30 },
      environments: {
        prod: { hosting: { mode: 'serverless', maxConcurrency: 50 }, capture: { retentionDays: 800 } },
      },
    });
    expect(settingsFor(deployment, 'dev')).toMatchObject({
      hosting: { mode: 'lambda' },
      capture: { retentionDays: 30 },
    });
    expect(settingsFor(deployment, 'prod')).toMatchObject({
      hosting: { mode: 'serverless', memoryMb: 2048, maxConcurrency: 50 },
      capture: { retentionDays: 800 },
      objectives: { latencyP95Ms: 300 },
    });
  });

  it('gives asynchronous hosting its waits and goes to zero unless told otherwise', () => {
    const hosting = {
      mode: 'asynchronous',
      instanceType: 'ml.m5.large',
      instances: { max: 3 },
      backlogPerInstance: 4,
    } as const;
    expect(settingsFor(defineDeployment({ ...base, hosting }), 'dev').hosting).toEqual({
      ...hosting,
      container: { kind: 'serving', codec: 'oip' },
      startupTimeoutSeconds: 300,
      instances: { min: 0, max: 3 },
      timeoutSeconds: 900,
      maxWaitSeconds: 21_600,
      expireDays: 7,
      scaleOutCooldownSeconds: 60,
    });
  });

  it.each([
    ['timeoutSeconds', { timeoutSeconds: 3601 }],
    ['maxWaitSeconds', { maxWaitSeconds: 59 }],
    ['maxConcurrentInvocationsPerInstance', { maxConcurrentInvocationsPerInstance: 1001 }],
    ['backlogPerInstance', { backlogPerInstance: 0 }],
    ['instances', { instances: { min: 4, max: 3 } }],
    ['instanceType', { instanceType: 'm5.large' }],
  ])('refuses asynchronous hosting with a wrong %s', (place, wrong) => {
    const hosting = {
      mode: 'asynchronous',
      instanceType: 'ml.m5.large',
      instances: { max: 3 },
      backlogPerInstance: 4,
      ...wrong,
    } as const;
    expect(() => defineDeployment({ ...base, hosting })).toThrow(new RegExp(`hosting\\.${place}`));
  });

  it('tells all mistakes at once, by their place', () => {
    const wrong = {
      ...base,
      hosting: { mode: 'serverless', memoryMb: 3000, maxConcurrency: 500 },
      objectives: { latencyP95Ms: -1, latency: 3 },
      rollout: { strategy: 'canary', percent: 60 },
    };
    let message = '';
    try {
      defineDeployment(wrong as never);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const place of [
      'hosting.memoryMb',
      'hosting.maxConcurrency',
      'objectives.latencyP95Ms',
      'objectives: ',
      'rollout.percent',
    ]) {
      expect(message).toContain(place);
    }
  });

  it.each([
    ['http://login.example/keys', false],
    ['https://login.example/keys', true],
    ['http://127.0.0.1:8080/keys', true],
    ['http://127.0.0.1.example/keys', false],
  ])('takes the keys of an issuer by HTTPS or from the same machine: %s', (jwksUrl, taken) => {
    const access = {
      kind: 'jwt',
      issuer: 'i',
      audience: 'a',
      jwksUrl,
      requestsPerSecond: 1,
      burst: 1,
    } as const;
    const define = () => defineDeployment({ ...base, access });

    if (taken) expect(define).not.toThrow();
    else expect(define).toThrow('access.jwksUrl: is not an https URL');
  });

  it('refuses more instances at least than at most', () => {
    const hosting = {
      mode: 'realtime' as const,
      instanceType: 'ml.m5.large',
      instances: { min: 3, max: 2 },
      requestsPerSecondPerInstance: 10,
    };
    expect(() => defineDeployment({ ...base, hosting })).toThrow('min is greater than max');
  });
});
