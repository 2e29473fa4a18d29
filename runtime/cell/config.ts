import { effectiveSkills, type SkillName, skillNames } from "../settings/skills.ts";

/** Where the cell image keeps what the configuration points at; the Dockerfile puts it there. */
export const CELL_PATHS = {
  /** What {@link renderCellConfig} made, read by the cell agent. */
  base: "/etc/openclaw/base.json",
  /** The same with the tenant's agents in it, written by the cell agent, read by OpenClaw. */
  config: "/run/openclaw/openclaw.json",
  /** What the agents are told, beside it: see the guard's `AgentInstructions`. */
  agents: "/run/openclaw/agents.json",
  /** Cipher suites that OpenClaw may offer and take, beside it too. */
  cipherSuites: "/run/openclaw/cipher-suites",
  state: "/state",
  toolAudit: "/state/logs/tool-audit.jsonl",
  secrets: "/run/secrets/cell",
  skills: "/opt/breakwater/skills",
  guard: "/opt/breakwater/plugins/cell-guard",
} as const;

/** Plugins without which a cell must not serve: the guard, and the one that memory_search comes from. */
export const CELL_PLUGINS = ["cell-guard", "memory-core"] as const;

/** What an agent may call. Everything else of OpenClaw, now or in a later version, is absent from its requests. */
const ALLOWED_TOOLS = [
  "exec",
  "process",
  "read",
  "write",
  "edit",
  "apply_patch",
  "memory_search",
  "memory_get",
  "memory_write",
] as const;

/** Named as well, because a denial wins over every allowance: these act on the gateway, on other sessions or outside. */
const DENIED_TOOLS = [
  "openclaw",
  "gateway",
  "cron",
  "nodes",
  "sessions_spawn",
  "sessions_send",
  "message",
  "browser",
  "canvas",
] as const;

/** What distinguishes the cell of one tenant. */
export interface CellConfigArgs {
  /** Names of the catalogue, or `["*"]` for all of it; what OpenClaw itself bundles is never part of it. */
  readonly allowedSkills: readonly (SkillName | "*")[];
  readonly blockedSkills: readonly SkillName[];
  readonly retentionDays: number;
  /** Longest answer of one model call, in tokens. */
  readonly maxTokens: number;
  /** OpenAI-compatible base of the model router, with `/v1`. */
  readonly routerBaseUrl: string;
  readonly sandbox: { readonly host: string; readonly port: number };
  /** Texts that no shell command may contain. */
  readonly blockedCommands: readonly string[];
  readonly gatewayPort: number;
  /** Plugins that OpenClaw may load beside {@link CELL_PLUGINS}, and no other. */
  readonly requiredPlugins: readonly string[];
}

/**
 * The `openclaw.json` of a tenant's cell (openclaw 2026.9.6) with the default agent only; {@link mergeAgents} adds the
 * tenant's own. Pure; holds no secret, only the paths of mounted files.
 */
export function renderCellConfig(args: CellConfigArgs): Readonly<Record<string, unknown>> {
  return {
    gateway: {
      mode: "local",
      bind: "lan",
      port: args.gatewayPort,
      auth: { mode: "token", token: { source: "file", provider: "gateway-token", id: "value" } },
      // TLS 1.3 at least is OpenClaw's own; it would make a certificate of its own where it finds none.
      tls: {
        enabled: true,
        autoGenerate: false,
        certPath: `${CELL_PATHS.secrets}/tls.crt`,
        keyPath: `${CELL_PATHS.secrets}/tls.key`,
      },
      controlUi: { enabled: false },
      http: { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: false } } },
    },
    secrets: { providers: { "gateway-token": secretFile("gateway-token"), "router-key": secretFile("router-key") } },
    update: { checkOnStart: false, auto: { enabled: false } },
    telemetry: { enabled: false },
    discovery: { mdns: { mode: "off" } },
    models: models(args),
    plugins: plugins(args),
    skills: skills(skillsOf(args)),
    memory: { search: { provider: "none", rememberAcrossConversations: false } },
    session: {
      dmScope: "per-channel-peer",
      maintenance: { mode: "enforce", pruneAfter: `${args.retentionDays}d`, resetArchiveRetention: "1d" },
    },
    tools: tools(),
    logging: {
      level: "warn",
      file: `${CELL_PATHS.state}/logs/openclaw.log`,
      audit: { enabled: true, messages: "all", executionIdentity: true },
    },
    agents: { defaults: agentDefaults(args) },
  };
}

function secretFile(name: string) {
  return { source: "file", path: `${CELL_PATHS.secrets}/${name}`, mode: "singleValue" };
}

function models(args: CellConfigArgs) {
  const model = { id: "tenant-default", name: "tenant-default", contextWindow: 128_000, maxTokens: args.maxTokens };
  const router = {
    baseUrl: args.routerBaseUrl,
    api: "openai-completions",
    apiKey: { source: "file", provider: "router-key", id: "value" },
    models: [model],
  };
  return { mode: "replace", catalogRefresh: { enabled: false }, providers: { router } };
}

function plugins(args: CellConfigArgs) {
  const guard = {
    blockedCommands: args.blockedCommands,
    auditFile: CELL_PATHS.toolAudit,
    stateFolder: CELL_PATHS.state,
    skills: skillsOf(args),
    agentsFile: CELL_PATHS.agents,
  };
  return {
    allow: [...new Set([...CELL_PLUGINS, ...args.requiredPlugins])],
    load: { paths: [CELL_PATHS.guard] },
    entries: {
      // Without access to conversations OpenClaw does not let it instruct agents.
      "cell-guard": { enabled: true, hooks: { allowConversationAccess: true }, config: guard },
      // "dreaming" would call the model every night, also in a cell that nobody uses.
      "memory-core": { config: { dreaming: { enabled: false } } },
    },
  };
}

/** A skill is an instruction: this shapes what agents know of. What they can do, tools and sandbox decide. */
function skillsOf({ allowedSkills, blockedSkills }: CellConfigArgs): readonly SkillName[] {
  return effectiveSkills({ allowed_skills: allowedSkills, blocked_skills: blockedSkills });
}

function skills(effective: readonly SkillName[]) {
  const disabled = skillNames.filter((name) => !effective.includes(name));
  return {
    load: { extraDirs: [CELL_PATHS.skills] },
    entries: Object.fromEntries(disabled.map((name) => [name, { enabled: false }])),
  };
}

function tools() {
  return {
    allow: [...ALLOWED_TOOLS],
    deny: [...DENIED_TOOLS],
    // Few tools: the model sees them directly instead of searching for them (on by default in 2026.9.6).
    toolSearch: false,
    // Inside a sandbox OpenClaw has a second list of its own, which knows no tool of a plugin.
    sandbox: { tools: { alsoAllow: ["memory_search", "memory_get", "memory_write"] } },
    fs: { workspaceOnly: true },
    // Nothing is on the gateway's list: should a call ever miss the sandbox, it is refused.
    exec: { mode: "allowlist" },
    elevated: { enabled: false },
    sessions: { visibility: "self" },
    agentToAgent: { enabled: false },
  };
}

function agentDefaults(args: CellConfigArgs) {
  return {
    model: { primary: "router/tenant-default" },
    heartbeat: { every: "0m" },
    skills: skillsOf(args),
    skipBootstrap: true,
    sandbox: {
      mode: "all",
      backend: "ssh",
      scope: "session",
      workspaceAccess: "none",
      ssh: {
        target: `node@${args.sandbox.host}:${args.sandbox.port}`,
        workspaceRoot: "/workspace",
        strictHostKeyChecking: true,
        updateHostKeys: false,
        identityFile: `${CELL_PATHS.secrets}/ssh-key`,
        knownHostsFile: `${CELL_PATHS.secrets}/known_hosts`,
      },
    },
  };
}
