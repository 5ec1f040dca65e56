import { runSimulation } from '@cloud-copilot/iam-simulate';
import { roleNameOf } from './credentials.ts';
import type { RequiredPermission } from './permission.ts';
import type { RolePolicies } from './policies.ts';
import type { Principal } from './principal.ts';

type Decision = 'allowed' | 'not allowed' | 'explicitly denied';

/** Decides from the synthesized policies what a role may do. */
export class Access {
  readonly #policies: ReadonlyMap<string, RolePolicies>;
  readonly #accountId: string;
  readonly #warn: (message: string) => void;
  readonly #decisions = new Map<string, Promise<Decision>>();

  constructor(policies: readonly RolePolicies[], accountId: string, warn: (message: string) => void) {
    this.#policies = new Map(policies.map((role) => [role.roleArn, role]));
    this.#accountId = accountId;
    this.#warn = warn;
  }

  /** The message of the `AccessDeniedException` that AWS would answer; undefined where everything is allowed. */
  async denial(
    principal: Principal,
    permissions: readonly RequiredPermission[],
  ): Promise<string | undefined> {
    if (principal.kind === 'developer') return undefined;
    for (const permission of permissions) {
      const decision = await this.#decide(principal, permission);
      if (decision !== 'allowed') return this.#message(principal, permission, decision);
    }
    return undefined;
  }

  #message(
    principal: Principal & { kind: 'role' },
    permission: RequiredPermission,
    decision: Decision,
  ): string {
    const { action, resource } = permission;
    const session = `${roleNameOf(principal.roleArn)}/${principal.sessionName}`;
    const user = `arn:aws:sts::${this.#accountId}:assumed-role/${session}`;
    const because =
      decision === 'explicitly denied'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  }

  #decide(principal: Principal & { kind: 'role' }, permission: RequiredPermission): Promise<Decision> {
    const key = JSON.stringify([
      principal.roleArn,
      principal.sessionName,
      permission.action,
      permission.resource,
    ]);
    let decision = this.#decisions.get(key);
    if (decision === undefined) {
      decision = this.#simulate(principal, permission);
      this.#decisions.set(key, decision);
    }
    return decision;
  }

  async #simulate(
    principal: Principal & { kind: 'role' },
    permission: RequiredPermission,
  ): Promise<Decision> {
    const policies = this.#policies.get(principal.roleArn);
    if (policies === undefined) return 'not allowed';
    const session = `${roleNameOf(principal.roleArn)}/${principal.sessionName}`;
    const outcome = await runSimulation(
      {
        request: {
          principal: `arn:aws:sts::${this.#accountId}:assumed-role/${session}`,
          action: permission.action,
          resource: { resource: permission.resource, accountId: this.#accountId },
          contextVariables: {
            'aws:PrincipalArn': principal.roleArn,
            'aws:PrincipalAccount': this.#accountId,
          },
        },
        identityPolicies: [...policies.identity],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(policies.boundary !== undefined && { permissionBoundaryPolicies: [policies.boundary] }),
      },
      {},
    );
    if (outcome.resultType === 'error') {
      this.#warn(`the policies of ${principal.roleArn} are not valid: ${JSON.stringify(outcome.errors)}`);
      return 'not allowed';
    }
    if (outcome.overallResult === 'Allowed') return 'allowed';
    return outcome.overallResult === 'ExplicitlyDenied' ? 'explicitly denied' : 'not allowed';
  }
}
