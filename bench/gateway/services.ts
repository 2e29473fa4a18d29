import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApiKey } from "@breakwater/runtime/identity";
import { FrontDoorSettings, RouterSettings } from "@breakwater/runtime/settings";
import { bundleService } from "../../tools/images/bundle.ts";

/** The tenant of the bench. */
const TENANT = "marketing";

/** Where the services of the bench find what they stand on. */
export interface World {
  readonly folder: string;
  readonly upstreamPort: number;
  readonly database: (user: "front_door" | "router") => unknown;
}

/** What a target needs to start one of our services as its image would: one bundled file and its settings. */
export interface ServiceStart {
  readonly argv: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
}

/** Every rule of the source and every detector: the bench runs with all checks on. */
const SCREENING = {
  rules: [
    { name: "block_pii", action: "redact", pattern: "\\b\\d{3}-\\d{2}-\\d{4}\\b" },
    { name: "block_credit_card", action: "block", pattern: "\\b\\d{4}[- ]?\\d{4}[- ]?\\d{4}[- ]?\\d{4}\\b" },
    ...(["us-ssn", "payment-card", "kr-rrn", "cn-resident-id", "iban", "phone", "secret"] as const).map((detector) => ({
      name: detector,
      action: "redact",
      detector,
    })),
  ],
};

/** The front door, before a cell that answers at once. */
export function frontDoor(world: World, port: number): ServiceStart {
  const now = new Date();
  const { key, record } = createApiKey({ tenant: TENANT, role: "user", now, expires: null });
  const settings = FrontDoorSettings.parse({
    listen: { host: "127.0.0.1", port },
    tenants: [
      {
        id: TENANT,
        name: "Marketing",
        limits: GENEROUS,
        cell: {
          base_url: `http://127.0.0.1:${world.upstreamPort}`,
          gateway_token_file: secret(world, "gateway-token", token()),
        },
      },
    ],
    limits: { per_key: GENEROUS, per_tenant: GENEROUS },
    roles: [{ name: "user", permissions: ["agent:chat", "agent:view"] }],
    api_keys_file: secret(world, "api-keys.json", JSON.stringify([record])),
    session_secret_file: secret(world, "session-secret", token()),
    principal_secret_file: secret(world, "principal-secret", token()),
    database: world.database("front_door"),
    screening: SCREENING,
    audit: audit(world, "front-door"),
  });
  return start(world, "front-door", settings, { authorization: `Bearer ${key}` }, "openclaw/default");
}

/** The model router, before a provider that answers at once; everything that can be on is on. */
export function router(world: World, port: number): ServiceStart {
  const key = token();
  const sha256 = createHash("sha256").update(key).digest("hex");
  const settings = RouterSettings.parse({
    listen: { host: "127.0.0.1", port },
    tenant_keys_file: secret(world, "tenant-keys.json", JSON.stringify({ [TENANT]: sha256 })),
    principal_secret_file: secret(world, "router-principal-secret", token()),
    database: world.database("router"),
    screening: SCREENING,
    audit: audit(world, "router"),
    tenants: [
      {
        id: TENANT,
        jurisdictions: ["us"],
        chain: [
          { provider: "first", model: "gpt-4o-mini" },
          { provider: "second", model: "gpt-4o-mini" },
        ],
        max_tokens_per_request: 4096,
        budget: { monthly_micro_usd: 900_000_000_000_000, agents: { default: 800_000_000_000_000 } },
      },
    ],
    prices: [
      {
        kind: "openai-compatible",
        model: "gpt-4o-mini",
        input_micro_usd: 150_000,
        output_micro_usd: 600_000,
        from: "2026-01-01",
        source: "of the bench",
      },
    ],
    providers: Object.fromEntries(
      ["first", "second"].map((name) => [
        name,
        {
          kind: "openai-compatible",
          base_url: `http://127.0.0.1:${world.upstreamPort}/v1`,
          api_key_file: secret(world, `${name}.key`, token()),
          jurisdiction: "us",
          internal: false,
        },
      ]),
    ),
  });
  return start(world, "router", settings, { authorization: `Bearer ${key}` }, "tenant-default");
}

/** Limits that are counted for every request and never reached. */
const GENEROUS = { requests_per_minute: 1_000_000_000, concurrent_requests: 100_000 };

function start(
  world: World,
  service: "front-door" | "router",
  settings: unknown,
  headers: Readonly<Record<string, string>>,
  model: string,
): ServiceStart {
  const program = join(world.folder, `${service}.cjs`);
  const file = join(world.folder, `${service}.json`);
  writeFileSync(program, bundleService(service));
  writeFileSync(file, JSON.stringify(settings));
  return { argv: [program, "--settings", file], headers, model };
}

function audit(world: World, service: string): Record<string, unknown> {
  const directory = join(world.folder, `audit-${service}`);
  mkdirSync(directory, { recursive: true });
  const { privateKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return { directory, signing_key_file: secret(world, `${service}-audit.pem`, privateKey) };
}

function secret({ folder }: World, name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

function token(): string {
  return randomBytes(32).toString("base64url");
}
