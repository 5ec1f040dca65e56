import { createHash } from 'node:crypto';
import { stableId } from '../template/physical-name.ts';
import type { Principal } from './iam.ts';
import type { RoleCredentials } from './plugin.ts';

/**
 * Temporary credentials for roles, derived from the role's ARN and the session's name, and from how many holders there
 * were before the one that they are issued for. They protect nothing: they only tell the front door, which listens on
 * loopback, on whose behalf a request is made.
 */
export class Credentials<H extends object> {
  readonly #issued = new Map<string, { readonly principal: Principal; readonly holder: H }>();
  /** By holder, what keeps its credentials apart from those of the others. */
  readonly #suffixes = new Map<H, string>();

  /** Issues the credentials of a role; the same ones for the same holder, role and session. */
  issue(holder: H, roleArn: string, sessionName = roleNameOf(roleArn)): RoleCredentials {
    const seed = `${roleArn}/${sessionName}${this.#suffixOf(holder)}`;
    const accessKeyId = `ASIA${stableId(seed, 16)}`;
    this.#issued.set(accessKeyId, { principal: { kind: 'role', roleArn, sessionName }, holder });
    const secretAccessKey = createHash('sha256').update(`secret:${seed}`).digest('base64').slice(0, 40);
    const sessionToken = createHash('sha512').update(`token:${seed}`).digest('base64');
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** Who holds an access key. */
  principal(accessKeyId: string): Principal {
    return this.#issued.get(accessKeyId)?.principal ?? { kind: 'developer' };
  }

  /** For whom an access key was issued; undefined for a developer's. */
  holder(accessKeyId: string): H | undefined {
    return this.#issued.get(accessKeyId)?.holder;
  }

  #suffixOf(holder: H): string {
    const known = this.#suffixes.get(holder);
    if (known !== undefined) return known;
    const suffix = this.#suffixes.size === 0 ? '' : `/${this.#suffixes.size}`;
    this.#suffixes.set(holder, suffix);
    return suffix;
  }
}

/** The name at the end of a role's ARN, without its IAM path. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}
