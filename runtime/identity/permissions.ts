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

/** Builds the question "may this role do that". A role that the settings do not know may do nothing. */
export function permitsRole(roles: readonly Role[]): (role: string, needed: string) => boolean {
  const byName = new Map(roles.map(({ name, permissions }) => [name, permissions]));
  return (role, needed) => permits(byName.get(role) ?? [], needed);
}
