import type { CellConfigArgs } from "@breakwater/runtime/cell";

/** The arguments of an ordinary tenant, changed as a test needs. */
export function cellArgs(changes: Partial<CellConfigArgs> = {}): CellConfigArgs {
  return {
    allowedSkills: ["web-search", "social-media", "content-gen"],
    blockedSkills: ["code-runner", "file-manager"],
    retentionDays: 90,
    maxTokens: 4096,
    routerBaseUrl: "http://router.breakwater.svc.cluster.local:8080/v1",
    sandbox: { host: "sandbox.tenant-marketing.svc.cluster.local", port: 2222 },
    blockedCommands: ["rm -rf /", "dd"],
    gatewayPort: 18_789,
    requiredPlugins: ["cell-guard"],
    ...changes,
  };
}

/** The value at a dotted path of a rendered configuration. */
export function at(config: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config);
}
