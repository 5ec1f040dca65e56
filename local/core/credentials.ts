import { createHash } from 'node:crypto';
import { stableId } from '../template/physical-name.ts';
import type { Principal } from './iam.ts';
import type { RoleCredentials } from './plugin.ts';

/**
 * Temporary credentials for roles, derived from the role's ARN and the session's name. They protect nothing: they
 * only tell the front door, which listens on loopback, on whose behalf a request is made.
 */
export class Credentials {
  readonly #principals = new Map<string, Principal>();

  /** Issues the credentials of a role; the same ones for the same role and session. */
  issue(roleArn: string, sessionName = roleNameOf(roleArn)): RoleCredentials {
    const seed = `${roleArn}/${sessionName}`;
    const accessKeyId = `ASIA${stableId(seed, 16)}`;
    this.#principals.set(accessKeyId, { kind: 'role', roleArn, sessionName });
    const secretAccessKey = createHash('sha256').update(`secret:${seed}`).digest('base64').slice(0, 40);
    const sessionToken = createHash('sha512').update(`token:${seed}`).digest('base64');
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** Who holds an access key. */
  principal(accessKeyId: string): Principal {
    return this.#principals.get(accessKeyId) ?? { kind: 'developer' };
  }
}

/** The name at the end of a role's ARN, without its IAM path. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}
