import { isSecretRef, type Settings } from "@breakwater/runtime/settings";
import { AUDIT_DIRECTORY } from "../components/agents/audit-volume.ts";
import { portOf } from "./urls.ts";

type Destination = Settings["audit"]["exports"][number];

/** The audit log of one service as it reads it at start. @param secrets folder of its mounted secrets. */
export function auditSettings({ audit }: Settings, secrets: string): unknown {
  return {
    directory: AUDIT_DIRECTORY,
    signing_key_file: `${secrets}/audit-signing-key`,
    rotate_bytes: audit.rotate_mib * 1024 ** 2,
    retention_days: audit.retention_days,
    include_content: audit.include_content,
    exports: audit.exports.map((destination) => exportOf(destination, secrets)),
  };
}

/** Every reference to a secret becomes the path of its mounted file; everything else is as it was written. */
function exportOf(destination: Destination, secrets: string): unknown {
  // Where the receiver is decides whether the plan is refused; what ships the records has no use for it.
  const told = Object.entries(destination).filter(([key]) => key !== "jurisdiction");
  const entries = told.map(([key, value]) =>
    isSecretRef(value) ? [`${key}_file`, `${secrets}/${secretFile(destination.name, key)}`] : [key, value],
  );
  const own = destination.kind === "file" ? { path: `${AUDIT_DIRECTORY}/${destination.name}.ndjson` } : {};
  return { ...Object.fromEntries(entries), ...own };
}

/** Mounted file -> path below the environment's secrets folder, for one service's audit log. */
export function auditSecretFiles({ audit }: Settings, part: "front-door" | "router"): Record<string, string> {
  const refs = audit.exports.flatMap((destination) =>
    Object.entries(destination).flatMap(([key, value]) =>
      isSecretRef(value) ? [[secretFile(destination.name, key), value.secret] as const] : [],
    ),
  );
  return { "audit-signing-key": `platform/audit-signing-key-${part}`, ...Object.fromEntries(refs) };
}

/** No tenant's or provider's file can have this name: their endings are others. */
function secretFile(name: string, key: string): string {
  return `${name}.audit-${key.replaceAll("_", "-")}`;
}

/** TCP ports of the systems outside that records are shipped to. */
export function auditPorts({ audit }: Settings): readonly number[] {
  return audit.exports.flatMap((destination) => {
    if (destination.kind === "file") return [];
    return [destination.kind === "syslog" ? destination.port : portOf(destination.url)];
  });
}
