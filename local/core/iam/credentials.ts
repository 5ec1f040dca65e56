import { createHash } from 'node:crypto';
import { stableId } from '../../template/physical-name.ts';
import type { Principal } from './principal.ts';

/** Temporary credentials as the security token service issues them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Digits at the end of an access key that tell its holder: more holders than a run of the local cloud has deployments. */
const HOLDER_DIGITS = 4;

/**
 * Temporary credentials for roles, derived from the role's ARN and the session's name; the end of the access key says for
 * which of the holders they were issued. They protect nothing: they only tell the front door, which listens on loopback, on
 * whose behalf a request is made.
 */
export class Credentials<H extends object> {
  /** By the part of an access key that is the same for all holders. */
  readonly #principals = new Map<string, Principal>();
  /** By the part of an access key that is the holder's. */
  readonly #holders = new Map<string, H>();
  /** The other way round; keeps no holder. */
  readonly #endings = new WeakMap<H, string>();
  #holderCount = 0;

  /** Issues the credentials of a role; the same ones for the same holder, role and session. */
  issue(holder: H, roleArn: string, sessionName = roleNameOf(roleArn)): RoleCredentials {
    const seed = `${roleArn}/${sessionName}`;
    const identity = `ASIA${stableId(seed, 16 - HOLDER_DIGITS)}`;
    this.#principals.set(identity, { kind: 'role', roleArn, sessionName });
    const secretAccessKey = createHash('sha256').update(`secret:${seed}`).digest('base64').slice(0, 40);
    const sessionToken = createHash('sha512').update(`token:${seed}`).digest('base64');
    return { accessKeyId: `${identity}${this.#endingOf(holder)}`, secretAccessKey, sessionToken };
  }

  /** Who holds an access key. */
  principal(accessKeyId: string): Principal {
    return this.#principals.get(accessKeyId.slice(0, -HOLDER_DIGITS)) ?? { kind: 'developer' };
  }

  /** For whom an access key was issued; undefined for a developer's, and for that of a holder that is no more. */
  holder(accessKeyId: string): H | undefined {
    if (this.principal(accessKeyId).kind === 'developer') return undefined;
    return this.#holders.get(accessKeyId.slice(-HOLDER_DIGITS));
  }

  /**
   * Forgets a holder. What was signed with its credentials and outlives it, as a presigned URL does, is still the role's, as
   * on AWS, where deployments have no credentials of their own.
   */
  revoke(holder: H): void {
    const ending = this.#endings.get(holder);
    if (ending !== undefined) this.#holders.delete(ending);
  }

  #endingOf(holder: H): string {
    const known = this.#endings.get(holder);
    if (known !== undefined) return known;
    const ending = this.#holderCount.toString(36).toUpperCase().padStart(HOLDER_DIGITS, '0');
    this.#holderCount += 1;
    this.#endings.set(holder, ending);
    this.#holders.set(ending, holder);
    return ending;
  }
}

/** The name at the end of a role's ARN, without its IAM path. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}
