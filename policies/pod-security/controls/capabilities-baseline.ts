import type { Control } from "../control.ts";
import { eachContainer, quoted } from "../placed.ts";

/** What container runtimes grant by default, less NET_RAW. */
const ALLOWED: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

/** Each capability beyond the default is a part of root's power over the node. */
export const capabilitiesBaseline: Control = {
  id: "capabilities_baseline",
  level: "baseline",
  asks: "Containers must not add capabilities beyond the default ones.",
  fix: "remove them from securityContext.capabilities.add",
  revisions: [
    {
      since: 0,
      judge: eachContainer(({ securityContext }) => {
        const added = (securityContext?.capabilities?.add ?? []).filter((name) => !ALLOWED.has(name));
        return added.length === 0 ? undefined : `securityContext.capabilities.add has ${quoted(added)}`;
      }),
    },
  ],
};
