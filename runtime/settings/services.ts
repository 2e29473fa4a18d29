import { z } from "zod";

const listen = z.strictObject({
  host: z.string().default("0.0.0.0").meta({ description: "Address to listen on." }),
  port: z.number().int().min(1).max(65_535).meta({ description: "TCP port to listen on." }),
});

const filePath = z.string().startsWith("/").meta({ description: "Absolute path of a mounted file." });

/** What the front door reads at start. Secrets are paths of mounted files, never values. */
export const FrontDoorSettings = z.strictObject({
  listen,
  max_body_bytes: z.number().int().positive().default(1_048_576),
  /** A turn of an agent with tools takes minutes; the cell's own limit is 300 s. */
  upstream_timeout_seconds: z.number().int().positive().default(310),
  tenants: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      cell: z.strictObject({ base_url: z.url(), gateway_token_file: filePath }),
    }),
  ),
  roles: z.array(z.strictObject({ name: z.string(), permissions: z.array(z.string()) })),
  /** JSON array of {@link ApiKeyRecord}; read again when it changes. */
  api_keys_file: filePath,
  /** Keys the HMAC that turns (principal, conversation) into the cell's session. */
  session_secret_file: filePath,
  audit: z.strictObject({ directory: filePath }),
});
export type FrontDoorSettings = z.output<typeof FrontDoorSettings>;

/** One API key as the front door knows it: never the key, only its SHA-256. */
export const ApiKeyRecord = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{8}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The tenant that the key acts for; null for keys that act across tenants (admin, auditor). */
  tenant: z.string().nullable(),
  role: z.string(),
  created: z.iso.datetime(),
  expires: z.iso.datetime().nullable(),
});
export type ApiKeyRecord = z.output<typeof ApiKeyRecord>;

/** What the model router reads at start. */
export const RouterSettings = z.strictObject({
  listen,
  /** A turn carries the whole conversation and 30 kB of system prompt. */
  max_body_bytes: z.number().int().positive().default(20_971_520),
  upstream_timeout_seconds: z.number().int().positive().default(300),
  /** JSON object: tenant id -> SHA-256 (hex) of the key that its cell sends. */
  tenant_keys_file: filePath,
  tenants: z.array(
    z.strictObject({
      id: z.string(),
      provider: z.string(),
      model: z.string(),
      max_tokens_per_request: z.number().int().positive().optional(),
    }),
  ),
  providers: z.record(z.string(), z.strictObject({ base_url: z.url(), api_key_file: filePath.optional() })),
});
export type RouterSettings = z.output<typeof RouterSettings>;

/** What the cell agent (the sidecar of a cell) reads at start. */
export const CellAgentSettings = z.strictObject({
  listen,
  gateway_url: z.string().startsWith("ws://127.0.0.1:"),
  gateway_token_file: filePath,
  /** Plugins without which the cell must not be ready: OpenClaw itself starts without a plugin that it refuses to load. */
  required_plugins: z.array(z.string()).min(1),
});
export type CellAgentSettings = z.output<typeof CellAgentSettings>;
