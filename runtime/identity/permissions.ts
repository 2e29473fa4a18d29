/** Everything that a route of the front door can ask for. A role may name more; only these have an effect. */
export const PERMISSIONS = [
  "agent:chat",
  "agent:view",
  "agent:create",
  "agent:update",
  "agent:delete",
  "skill:install",
  "skill:remove",
  "log:view",
  "audit:export",
  "key:view",
  "key:create",
  "key:rotate",
  "key:revoke",
  "usage:view",
  "metrics:view",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A role as the settings write it: a name and what it may do. */
export interface Role {
  readonly name: string;
  /** `*`, `area:*` or `area:action`. */
  readonly permissions: readonly string[];
}

/** Whether a list of permissions covers the one needed: `*` covers all, `agent:*` everything of that area, others only themselves. */
export function permits(granted: readonly string[], needed: string): boolean {
  return granted.some(
    (grant) => grant === "*" || grant === needed || (grant.endsWith(":*") && needed.startsWith(grant.slice(0, -1))),
  );
}

/** What one role may do, with the answer for every known permission worked out beforehand. */
export class PermissionSet {
  /** As the settings write them, wildcards included. */
  readonly granted: readonly string[];
  readonly #known: ReadonlySet<string>;

  constructor(granted: readonly string[]) {
    this.granted = granted;
    this.#known = new Set(PERMISSIONS.filter((permission) => permits(granted, permission)));
  }

  allows(needed: string): boolean {
    return this.#known.has(needed) || permits(this.granted, needed);
  }

  /**
   * Whether whoever has this may hand out `other`. Compared as written, so that a wildcard is covered by the same or a
   * wider wildcard only: `agent:*` also stands for permissions that a later version brings.
   */
  covers(other: PermissionSet): boolean {
    return other.granted.every((grant) => permits(this.granted, grant));
  }
}

/** May do nothing: the answer for a role that the settings do not know. */
export const NO_PERMISSIONS = new PermissionSet([]);

/** The roles of a deployment. Everything is denied that a role does not grant. */
export class Roles {
  readonly #byName: ReadonlyMap<string, PermissionSet>;

  constructor(roles: readonly Role[]) {
    this.#byName = new Map(roles.map(({ name, permissions }) => [name, new PermissionSet(permissions)]));
  }

  has(role: string): boolean {
    return this.#byName.has(role);
  }

  /** A role that the settings do not know has no permissions. */
  of(role: string): PermissionSet {
    return this.#byName.get(role) ?? NO_PERMISSIONS;
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }
}

/** Builds the question "may this role do that". A role that the settings do not know may do nothing. */
export function permitsRole(roles: readonly Role[]): (role: string, needed: string) => boolean {
  const known = new Roles(roles);
  return (role, needed) => known.of(role).allows(needed);
}
