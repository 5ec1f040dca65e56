import { describe, expect, it } from 'vitest';
import { classified } from '../../../lambda/verification/aws-ports.ts';
import { NotYet, VerificationFailed } from '../../../lambda/verification/patience.ts';

/** What a verification makes of a service's error. */
async function outcomeOf(name: string, httpStatusCode?: number): Promise<unknown> {
  const error = Object.assign(new Error('as the service words it'), { name, $metadata: { httpStatusCode } });
  return classified(async () => {
    throw error;
  }).catch((thrown: unknown) => thrown);
}

describe('the error of a service', () => {
  it.each([
    ['ValidationException', 400],
    ['ResourceNotFoundException', 404],
    ['NotImplemented', 501],
  ])('%s fails a verification', async (name, status) => {
    expect(await outcomeOf(name, status)).toEqual(new VerificationFailed('as the service words it'));
  });

  it.each([
    ['ThrottlingException', 400],
    ['TooManyRequestsException', 429],
    ['InternalFailure', 500],
    ['ECONNRESET', undefined],
  ])('%s is worth another try, as long as there is time', async (name, status) => {
    const outcome = await outcomeOf(name, status);

    expect(outcome).toBeInstanceOf(NotYet);
    expect(outcome).toMatchObject({ attempts: Number.POSITIVE_INFINITY });
  });

  it.each(['AccessDeniedException', 'AccessDenied'])(
    '%s is worth a few, until a policy is known everywhere',
    async (name) => {
      expect(await outcomeOf(name, 403)).toMatchObject({ name: 'NotYet', attempts: 5 });
    },
  );
});
