/** What the cell's configuration tells the guard; openclaw.plugin.json holds the same shape as JSON Schema. */
export interface GuardConfig {
  readonly tenant: string;
  /** Texts that a shell command must not contain. */
  readonly blockedCommands: readonly string[];
  /** Absolute path of the tool audit. */
  readonly auditFile: string;
}

/** Throws on anything else: a plugin that throws here is not loaded, and then the cell does not become ready. */
export function guardConfig(value: unknown): GuardConfig {
  const { tenant, blockedCommands, auditFile } = (value ?? {}) as Record<string, unknown>;
  if (typeof tenant !== "string" || tenant === "") throw new TypeError("cell-guard: tenant is missing");
  if (typeof auditFile !== "string" || !auditFile.startsWith("/"))
    throw new TypeError("cell-guard: auditFile is no path");
  if (!Array.isArray(blockedCommands) || !blockedCommands.every((entry) => typeof entry === "string" && entry !== "")) {
    throw new TypeError("cell-guard: blockedCommands is no list of texts");
  }
  return { tenant, auditFile, blockedCommands: blockedCommands as readonly string[] };
}
