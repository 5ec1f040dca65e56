import { describe, expect, it } from 'vitest';
import { assign } from '../../../lambda/variants/assignment.ts';
import { type VariantQueuesOptions, variantQueues } from '../../../lambda/variants/variant-queues.ts';

const CHAMPION = { name: 'champion', version: '1.2.3', weight: 50 };
const RIDGE = { name: 'ridge', version: '1.3.0', weight: 50, endpointName: 'harvest-ridge' };
const FOREST = { name: 'forest', version: '1.9.0', endpointName: 'harvest-forest' };

/** Ways to endpoints that only note which one was asked. */
function noting(others: Partial<VariantQueuesOptions> = {}) {
  const asked: string[] = [];
  const queues = variantQueues({
    model: 'harvest',
    championEndpointName: 'harvest-champion',
    variants: [CHAMPION, RIDGE],
    shadows: [FOREST],
    queueOf: (endpointName) => async () => {
      asked.push(endpointName);
      return { outputUri: `s3://bucket/${endpointName}`, failureUri: undefined };
    },
    ...others,
  });
  return { asked, ...queues };
}
const INVOCATION = { requestName: 'R', inputUri: 's3://bucket/inputs/R.json', customAttributes: '' };
const SIGNAL = AbortSignal.timeout(1000);
const CALLERS = Array.from({ length: 40 }, (_, index) => `caller-${index}`);

describe('the choice of a queue', () => {
  it('is the choice that every other mode makes, and leads to the endpoint of the variant', async () => {
    const { asked, choose } = noting();
    for (const caller of CALLERS) await choose(caller).invoke(INVOCATION, SIGNAL);
    const chosen = CALLERS.map((caller) => `${choose(caller).name} ${choose(caller).version}`);

    const expected = CALLERS.map((caller) => assign('harvest', [CHAMPION, RIDGE], caller));
    expect(chosen).toEqual(expected.map(({ name, version }) => `${name} ${version}`));
    expect(asked).toEqual(expected.map(({ name }) => `harvest-${name}`));
    expect(new Set(asked)).toEqual(new Set(['harvest-champion', 'harvest-ridge']));
  });

  it('is never a shadow, which has a way of its own', async () => {
    const { asked, shadows } = noting();
    for (const { invoke } of shadows) await invoke(INVOCATION, SIGNAL);

    expect(shadows).toMatchObject([{ name: 'forest', version: '1.9.0' }]);
    expect(asked).toEqual(['harvest-forest']);
  });

  it('has the queue of each of them by name too', async () => {
    const { asked, queueOf } = noting();
    for (const name of ['forest', 'champion', 'ridge']) await queueOf(name)(INVOCATION, SIGNAL);

    expect(asked).toEqual(['harvest-forest', 'harvest-champion', 'harvest-ridge']);
    expect(() => queueOf('larch')).toThrow('there is no variant larch');
  });

  it('fails at the start where a variant has no endpoint', () => {
    const { endpointName: _, ...lost } = RIDGE;

    expect(() => noting({ variants: [CHAMPION, lost] })).toThrow('the variant ridge has no endpoint');
  });
});
