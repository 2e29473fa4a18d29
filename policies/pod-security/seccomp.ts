import type { SharedContext } from "./placed.ts";

const ALLOWED_TYPES = ["RuntimeDefault", "Localhost"];

/** What is wrong with a seccomp profile that is set. */
export function badSeccompProfile({ seccompProfile }: SharedContext): string | undefined {
  if (seccompProfile === undefined || ALLOWED_TYPES.includes(seccompProfile.type)) return undefined;
  return `securityContext.seccompProfile.type is ${JSON.stringify(seccompProfile.type)}`;
}
