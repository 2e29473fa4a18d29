/** What the cell's configuration tells the guard; openclaw.plugin.json holds the same shape as JSON Schema. */
export interface GuardConfig {
  /** Texts that a shell command must not contain. */
  readonly blockedCommands: readonly string[];
  /** Absolute path of the tool audit. */
  readonly auditFile: string;
  /** OpenClaw's state folder, with the agents' data in it. */
  readonly stateFolder: string;
  /** Skills of the tenant: reading the instructions of one of them is its use. */
  readonly skills: readonly string[];
  /** Absolute path of the file with the agents' instructions. */
  readonly agentsFile: string;
}

/** Throws on anything else: a plugin that throws here is not loaded, and then the cell does not become ready. */
export function guardConfig(value: unknown): GuardConfig {
  const { blockedCommands, auditFile, stateFolder, skills, agentsFile } = (value ?? {}) as Record<string, unknown>;
  return {
    blockedCommands: texts("blockedCommands", blockedCommands),
    auditFile: path("auditFile", auditFile),
    stateFolder: path("stateFolder", stateFolder),
    skills: texts("skills", skills),
    agentsFile: path("agentsFile", agentsFile),
  };
}

function texts(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string" && entry !== "")) return value;
  throw new TypeError(`cell-guard: ${name} is no list of texts`);
}

function path(name: string, value: unknown): string {
  if (typeof value === "string" && value.startsWith("/")) return value;
  throw new TypeError(`cell-guard: ${name} is no absolute path`);
}
