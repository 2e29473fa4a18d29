import type { Permission, Principal } from "../../identity/index.ts";
import { refusal } from "../errors.ts";

/** Stops a request whose key's role may not do this. @throws Refusal `permission/denied`. */
export function requirePermission({ permissions }: Principal, needed: Permission): void {
  if (!permissions.allows(needed)) throw refusal("permission/denied", `a role without "${needed}"`);
}
