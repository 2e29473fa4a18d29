import { refusal } from "./errors.ts";

/** A permission that a route of the front door needs. */
export type Permission = "agent:chat" | "agent:view" | "log:view";

/** Stops a request whose role may not do this. @throws Refusal `permission/denied`. */
export function requirePermission(
  permitted: (role: string, needed: string) => boolean,
  role: string,
  needed: Permission,
): void {
  if (!permitted(role, needed)) throw refusal("permission/denied", `a role without "${needed}"`);
}
