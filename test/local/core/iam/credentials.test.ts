import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../../local/core/iam/credentials.ts';

describe('Credentials', () => {
  const role = 'arn:aws:iam::000000000000:role/service/predict';
  const deployment = { name: 'first' };

  it('issues the same ones for the same role and session, and knows their holder', () => {
    const first = new Credentials().issue(deployment, role, 'fn');
    const credentials = new Credentials();
    const second = credentials.issue(deployment, role, 'fn');

    expect(second).toEqual(first);
    expect(first.accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
    expect(credentials.issue(deployment, role, 'other').accessKeyId).not.toBe(first.accessKeyId);
    expect(credentials.principal(first.accessKeyId)).toEqual({
      kind: 'role',
      roleArn: role,
      sessionName: 'fn',
    });
    expect(credentials.principal('AKIAEXAMPLE')).toEqual({ kind: 'developer' });
  });

  it('names a session after its role where nothing else is given', () => {
    const credentials = new Credentials();
    const { accessKeyId } = credentials.issue(deployment, role);
    expect(credentials.principal(accessKeyId)).toMatchObject({ sessionName: 'predict' });
  });

  it('keeps deployments apart that have the same role', () => {
    const credentials = new Credentials();
    const next = { name: 'next' };
    const [one, other] = [deployment, next].map((holder) => credentials.issue(holder, role).accessKeyId);

    expect(other).not.toBe(one);
    expect(credentials.holder(one ?? '')).toBe(deployment);
    expect(credentials.holder(other ?? '')).toBe(next);
    // A developer's key may end like one that was issued.
    expect(credentials.holder(`AKIAEXAMPLE${one?.slice(-4)}`)).toBeUndefined();
  });

  it("forgets a holder that is no more; its keys are still the role's, and nobody else gets them", () => {
    const credentials = new Credentials();
    const { accessKeyId } = credentials.issue(deployment, role);
    credentials.revoke(deployment);
    const other = { name: 'next' };
    const { accessKeyId: next } = credentials.issue(other, role);

    expect(credentials.holder(accessKeyId)).toBeUndefined();
    expect(credentials.principal(accessKeyId)).toMatchObject({ kind: 'role', roleArn: role });
    expect(next).not.toBe(accessKeyId);
    expect(credentials.holder(next)).toBe(other);
  });
});
