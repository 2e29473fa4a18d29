import { z } from "zod";

const listen = z.strictObject({
  host: z.string().default("0.0.0.0").meta({ description: "Address to listen on." }),
  port: z.number().int().min(1).max(65_535).meta({ description: "TCP port to listen on." }),
});

const filePath = z.string().startsWith("/").meta({ description: "Absolute path of a mounted file." });
const count = z.number().int().positive();

/** Cipher suites of TLS 1.3 (RFC 8446, appendix B.4) that Breakwater offers. */
export const CIPHER_SUITES = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
] as const;

const cipherSuites = z.array(z.enum(CIPHER_SUITES)).min(1);

/** How services inside know each other: TLS 1.3 with certificates of the environment's own authority. */
export const TrustSettings = z.strictObject({
  /** Certificate of the authority, PEM. */
  authority_file: filePath,
  cipher_suites: cipherSuites,
});
export type TrustSettings = z.output<typeof TrustSettings>;

/** What a server shows of itself, beside what it trusts. */
export const TransportSettings = TrustSettings.extend({ certificate_file: filePath, key_file: filePath });
export type TransportSettings = z.output<typeof TransportSettings>;

/** Where state is kept: a PostgreSQL server, or PGlite in this process when one process is enough. */
export const DatabaseSettings = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("postgres"),
    host: z.string(),
    port: z.number().int().min(1).max(65_535).default(5432),
    database: z.string(),
    user: z.string(),
    password_file: filePath,
    /** Certificate authority of the server; without it the connection is not encrypted. */
    ca_file: filePath.optional(),
    /** Left out: those that Node offers. */
    cipher_suites: cipherSuites.optional(),
    max_connections: count.max(100).default(8),
  }),
  /** Without a directory nothing outlives the process. */
  z.strictObject({ kind: z.literal("pglite"), directory: filePath.optional() }),
]);
export type DatabaseSettings = z.output<typeof DatabaseSettings>;

/** The detectors that Breakwater brings. */
export const DETECTORS = ["us-ssn", "payment-card", "kr-rrn", "cn-resident-id", "iban", "phone", "secret"] as const;
export type DetectorName = (typeof DETECTORS)[number];

export const SCREENING_ACTIONS = ["redact", "block", "route"] as const;

const screeningRule = z.union([
  z.strictObject({ name: z.string(), action: z.enum(SCREENING_ACTIONS), detector: z.enum(DETECTORS) }),
  z.strictObject({ name: z.string(), action: z.enum(SCREENING_ACTIONS), pattern: z.string() }),
]);

/** What is looked for in requests, replies and tool results. No rules: nothing is screened. */
export const ScreeningSettings = z.strictObject({ rules: z.array(screeningRule) });
export type ScreeningSettings = z.output<typeof ScreeningSettings>;

const exportName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** Where audit records are shipped to, each at least once. */
export const AuditExport = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("splunk"),
    name: exportName,
    /** Of the HTTP event collector, up to and without `/services/collector`. */
    url: z.url(),
    token_file: filePath,
    index: z.string().optional(),
    ca_file: filePath.optional(),
  }),
  z.strictObject({
    kind: z.literal("elasticsearch"),
    name: exportName,
    /** Elasticsearch or OpenSearch, without `/_bulk`. */
    url: z.url(),
    index: z.string(),
    api_key_file: filePath.optional(),
    ca_file: filePath.optional(),
  }),
  z.strictObject({
    kind: z.literal("syslog"),
    name: exportName,
    host: z.string(),
    port: z.number().int().min(1).max(65_535),
    transport: z.enum(["tcp", "tls"]),
    ca_file: filePath.optional(),
  }),
  z.strictObject({ kind: z.literal("file"), name: exportName, path: filePath }),
]);
export type AuditExport = z.output<typeof AuditExport>;

/** The audit log of one service. */
export const AuditSettings = z.strictObject({
  /** Shared by all replicas; each appends to files of its own. */
  directory: filePath,
  /** Ed25519 private key (PEM, PKCS #8) that signs checkpoints. */
  signing_key_file: filePath,
  /** A file is closed at this size and the chain goes on in the next. */
  rotate_bytes: count.default(268_435_456),
  /** Whole files older than this are removed; six months is what China's Cybersecurity Law asks for at least. */
  retention_days: count.default(365),
  /** Whether the content of requests and replies is kept, after redaction. */
  include_content: z.boolean().default(false),
  exports: z.array(AuditExport).default([]),
});
export type AuditSettings = z.output<typeof AuditSettings>;

/** How much one caller may ask for; what is left out is not limited at this level. */
export const Limits = z.strictObject({
  requests_per_minute: count.optional(),
  concurrent_requests: count.optional(),
});
export type Limits = z.output<typeof Limits>;

/** What the front door reads at start. Secrets are paths of mounted files, never values. */
export const FrontDoorSettings = z.strictObject({
  listen,
  /** What cells are known by; without it they are reached over plain HTTP, as on one machine's own loopback. */
  trust: TrustSettings.optional(),
  max_body_bytes: count.default(1_048_576),
  /** A turn of an agent with tools takes minutes; the cell's own limit is 300 s. */
  upstream_timeout_seconds: count.default(310),
  /** How many front doors share the limits: each replica grants its part of them. */
  replicas: count.default(1),
  tenants: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      max_agents: count.default(1),
      /** Skills that an agent of this tenant can be given. */
      skills: z.array(z.string()).default([]),
      limits: Limits.prefault({}),
      cell: z.strictObject({
        base_url: z.url(),
        gateway_token_file: filePath,
        /** The cell agent's address; without it the tenant has its default agent and no other. */
        agent_url: z.url().optional(),
      }),
    }),
  ),
  /** What no tenant and no key can exceed, whatever is set there. */
  limits: z.strictObject({ per_key: Limits.prefault({}), per_tenant: Limits.prefault({}) }).prefault({}),
  roles: z.array(z.strictObject({ name: z.string(), permissions: z.array(z.string()) })),
  /** JSON array of {@link ApiKeyRecord}: the keys that the deployment made. Read again when it changes. */
  api_keys_file: filePath,
  /** Keys the HMAC that turns (principal, conversation) into the cell's session. */
  session_secret_file: filePath,
  /** Keys the proof of who asks, which goes with each turn through the cell to the model router. */
  principal_secret_file: filePath,
  database: DatabaseSettings,
  screening: ScreeningSettings.prefault({ rules: [] }),
  audit: AuditSettings,
});
export type FrontDoorSettings = z.output<typeof FrontDoorSettings>;

/** One API key as the front door knows it: never the key, only its SHA-256. */
export const ApiKeyRecord = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{8}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The tenant that the key acts for; null for keys that act across tenants (admin, auditor). */
  tenant: z.string().nullable(),
  role: z.string(),
  /** For people: whose key it is. */
  label: z.string().max(200).nullable().default(null),
  limits: Limits.prefault({}),
  created: z.iso.datetime(),
  expires: z.iso.datetime().nullable(),
});
export type ApiKeyRecord = z.output<typeof ApiKeyRecord>;

/** The model servers that the router speaks to, by what they are. */
export const PROVIDER_KINDS = [
  "echo",
  "openai-compatible",
  "openai",
  "anthropic",
  "nim",
  "vllm",
  "qwen",
  "ernie",
  "deepseek",
  "hunyuan",
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

export const DATA_CLASSES = ["public", "internal", "confidential", "restricted"] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

const microUsd = z.number().int().nonnegative();

/** What a model costs from a day on. */
export const ModelPrice = z.strictObject({
  kind: z.enum(PROVIDER_KINDS),
  model: z.string(),
  /** Micro-USD for a million tokens. */
  input_micro_usd: microUsd,
  cached_input_micro_usd: microUsd.optional(),
  output_micro_usd: microUsd,
  /** Day, UTC, from which on it holds. */
  from: z.iso.date(),
  source: z.string(),
});
export type ModelPrice = z.output<typeof ModelPrice>;

const modelRef = z.strictObject({ provider: z.string(), model: z.string() });
export type ModelRef = z.output<typeof modelRef>;

const tenantBudget = z.strictObject({
  monthly_micro_usd: microUsd,
  /** Tighter limits of single agents, by agent id. */
  agents: z.record(z.string(), microUsd).default({}),
  /** Tighter limits of single API keys, by key id. */
  keys: z.record(z.string(), microUsd).default({}),
  /** Shares of the month's budget, in percent, at which an alert is raised. */
  alert_percents: z.array(z.number().int().min(1).max(100)).default([50, 80, 100]),
});

/** What the model router reads at start. */
export const RouterSettings = z.strictObject({
  listen,
  /** Without it plain HTTP is served, as on one machine's own loopback. */
  transport: TransportSettings.optional(),
  /** A turn carries the whole conversation and 30 kB of system prompt. */
  max_body_bytes: count.default(20_971_520),
  /** From the request to the last byte of the answer. */
  upstream_timeout_seconds: count.default(300),
  /** From the request to the first byte; after it another provider is tried. */
  first_byte_timeout_seconds: count.default(60),
  /** JSON object: tenant id -> SHA-256 (hex) of the key that its cell sends. */
  tenant_keys_file: filePath,
  /** Proves which API key a cell's request is for; the front door has the same. */
  principal_secret_file: filePath,
  database: DatabaseSettings,
  screening: ScreeningSettings.prefault({ rules: [] }),
  audit: AuditSettings,
  /** Repeats of one provider before the next of the chain, and the share of all requests that may be repeats. */
  retries: z
    .strictObject({
      per_provider: z.number().int().min(0).max(5).default(1),
      percent: z.number().min(0).max(100).default(20),
    })
    .prefault({}),
  breaker: z.strictObject({ failures: count.default(5), open_seconds: count.default(30) }).prefault({}),
  tenants: z.array(
    z.strictObject({
      id: z.string(),
      data_class: z.enum(DATA_CLASSES).default("internal"),
      /** Jurisdictions that the tenant's data may go to; left out: any that its data class allows. */
      jurisdictions: z.array(z.string()).optional(),
      /** The model and what is tried after it, in this order. */
      chain: z.array(modelRef).min(1),
      /** Tried first for requests of at most so many bytes; what it cannot answer goes to the chain. */
      cheap_first: modelRef.extend({ max_prompt_bytes: count }).optional(),
      /** Where a request goes that screening keeps inside. */
      internal: modelRef.optional(),
      max_tokens_per_request: count,
      budget: tenantBudget,
      /** Whether models without a price may be used; they are counted as free and marked. */
      allow_unpriced: z.boolean().default(false),
      /** How long an answer to exactly the same request may be given again; left out: never. */
      cache_ttl_seconds: count.optional(),
    }),
  ),
  providers: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(PROVIDER_KINDS),
      base_url: z.url(),
      /** Its certificate is of the environment's own authority; left out: of one that everybody knows. */
      own_authority: z.literal(true).optional(),
      api_key_file: filePath.optional(),
      /** Country or region whose law the provider's servers are under, such as "us", "cn", "eu". */
      jurisdiction: z.string(),
      /** Whether it runs inside the company's network. */
      internal: z.boolean(),
    }),
  ),
  /** Prices of the company's own contracts; they come before those of the price book. */
  prices: z.array(ModelPrice).default([]),
});
export type RouterSettings = z.output<typeof RouterSettings>;

/** What the cell agent (the sidecar of a cell) reads at start. */
export const CellAgentSettings = z.strictObject({
  listen,
  /** How it serves, what it trusts, and what OpenClaw beside it offers. */
  transport: TransportSettings,
  gateway_url: z.string().startsWith("wss://127.0.0.1:"),
  gateway_token_file: filePath,
  /** Where OpenClaw's start finds the cipher suites that it may offer, as OpenSSL writes them. */
  cipher_suites_file: filePath,
  /** Plugins without which the cell must not be ready: OpenClaw itself starts without a plugin that it refuses to load. */
  required_plugins: z.array(z.string()).min(1),
  /** The rendered configuration of the tenant, and the file with the agents in it that OpenClaw reads. */
  config: z.strictObject({ base_file: filePath, merged_file: filePath, agents_file: filePath }),
  /** Where the guard writes tool calls, and the model router, which takes them into the audit log. */
  tool_audit: z.strictObject({ file: filePath, cursor_file: filePath, router_url: z.url(), router_key_file: filePath }),
});
export type CellAgentSettings = z.output<typeof CellAgentSettings>;

/** One agent of a tenant, as the front door keeps it and the cell runs it. */
export const AgentSpec = z.strictObject({
  id: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
  name: z.string().min(1).max(200),
  /** What the agent is told before every conversation. */
  instructions: z.string().max(20_000).default(""),
  /** Skills of the tenant that this agent has; null: all of them. */
  skills: z.array(z.string()).nullable().default(null),
});
export type AgentSpec = z.output<typeof AgentSpec>;

/** Every tenant has this agent; it cannot be deleted. */
export const DEFAULT_AGENT = "default";
