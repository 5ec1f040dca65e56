import { readSignature } from '../core/iam/signature.ts';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { ProxyRequest } from './event.ts';
import { GatewayError } from './gateway-error.ts';
import { lastHeader } from './incoming.ts';
import { invokedArn } from './invoked-arn.ts';

/** What decides who a caller is and what it may do. */
export type Authorization = Pick<LocalCloud, 'principal' | 'denial' | 'clock'>;

/** How far a signature's time may lie from now, either way (IAM user guide, "Signature Version 4", 5 minutes). */
const VALIDITY_MS = 5 * 60 * 1000;

/**
 * Lets a request pass whose signature names credentials that may invoke the method. The signature's form, its scope and
 * its time are checked, and the role's policies; the signature itself is not, because keys are public here.
 * @throws {GatewayError} as API Gateway refuses a request that is not signed, wrongly signed or not allowed
 */
export async function authorizeSigned(
  { principal, denial, clock }: Authorization,
  { incoming, stage }: Pick<ProxyRequest, 'incoming' | 'stage'>,
): Promise<void> {
  const query = new URLSearchParams(incoming.query);
  const signed = readSignature(lastHeader(incoming.headers, 'authorization'), query);
  if (signed === undefined) {
    throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', { reason: 'the request is not signed' });
  }
  if (signed.service !== 'execute-api' || signed.region !== stage.region) {
    const reason = `the credential is scoped to ${signed.service} in ${signed.region}, not to execute-api in ${stage.region}`;
    throw new GatewayError('INVALID_SIGNATURE', { reason });
  }
  const at = readTime(lastHeader(incoming.headers, 'x-amz-date') ?? query.get('X-Amz-Date'));
  if (at === undefined || Math.abs(clock.now() - at) > VALIDITY_MS) {
    throw new GatewayError('INVALID_SIGNATURE', { reason: 'the signature has no time or is not of now' });
  }
  const caller = principal(signed.accessKeyId);
  if (caller.kind === 'developer') return;
  const resource = invokedArn({ incoming, stage });
  const reason = await denial(caller.roleArn, [{ action: 'execute-api:Invoke', resource }]);
  if (reason !== undefined) throw new GatewayError('ACCESS_DENIED', { message: reason, reason });
}

/** Reads the basic form of ISO 8601, for example `20261123T071500Z`; undefined for anything else. */
function readTime(text: string | null): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
