import { refuse } from "@breakwater/runtime/problems";
import { Command } from "commander";
import { type CommonOptions, command, printResult } from "../command.ts";
import type { AdminApi } from "../keys/admin-api.ts";
import type { Effect, KeyRecord, NewKey } from "../keys/render.ts";
import { wholeNumber } from "../keys/whole-number.ts";

interface KeyOptions extends CommonOptions {
  readonly keyFile?: string;
}

export function keysCommand(): Command {
  return new Command("keys")
    .description("API keys of a running environment: make, see, rotate, revoke.")
    .addCommand(create())
    .addCommand(list())
    .addCommand(rotate())
    .addCommand(revoke())
    .exitOverride();
}

interface CreateOptions extends KeyOptions {
  readonly tenant?: string;
  readonly allTenants?: boolean;
  readonly role: string;
  readonly label?: string;
  readonly expiresInDays?: number;
  readonly requestsPerMinute?: number;
  readonly concurrentRequests?: number;
}

function create(): Command {
  return keyCommand("create", "Make a key, and show it this once.")
    .option("--tenant <id>", "the tenant that the key is bound to")
    .option("--all-tenants", "bound to no tenant: for administrators and auditors")
    .requiredOption("--role <name>", "a role of the settings, no wider than the admin key's")
    .option("--label <text>", "for people: whose key it is")
    .option("--expires-in-days <n>", "how long it lives; without it, as long as the admin key", wholeNumber)
    .option("--requests-per-minute <n>", "tighter than the settings' limit", wholeNumber)
    .option("--concurrent-requests <n>", "tighter than the settings' limit", wholeNumber)
    .action(async (name: string, options: CreateOptions) => {
      const body = {
        tenant: tenantOf(options),
        role: options.role,
        label: options.label,
        expires_in_days: options.expiresInDays,
        limits: { requests_per_minute: options.requestsPerMinute, concurrent_requests: options.concurrentRequests },
      };
      const api = await open(name, options);
      const { renderNewKey } = await import("../keys/render.ts");
      const { body: made } = await api.ask("/api/keys", { body });
      printResult(options, made, () => renderNewKey(made as NewKey));
    });
}

function list(): Command {
  return keyCommand("list", "Show the keys, never the keys themselves.")
    .option("--tenant <id>", "only this tenant's")
    .action(async (name: string, options: KeyOptions & { tenant?: string }) => {
      const api = await open(name, options);
      const { renderKeys } = await import("../keys/render.ts");
      const query = options.tenant === undefined ? "" : `?tenant=${encodeURIComponent(options.tenant)}`;
      const { body } = await api.ask(`/api/keys${query}`);
      printResult(options, body, () => renderKeys((body as { keys: KeyRecord[] }).keys));
    });
}

function rotate(): Command {
  return keyCommand("rotate", "Replace a key by a new one with the same rights, and show that this once.")
    .argument("<id>", "the eight characters after bw_")
    .option("--overlap-seconds <n>", "how long the old key is accepted beside the new one (0)", wholeNumber)
    .action(async (name: string, id: string, options: KeyOptions & { overlapSeconds?: number }) => {
      const api = await open(name, options);
      const { renderNewKey } = await import("../keys/render.ts");
      const path = `/api/keys/${encodeURIComponent(id)}/rotate`;
      const { body } = await api.ask(path, { body: { overlap_seconds: options.overlapSeconds } });
      printResult(options, body, () => renderNewKey(body as NewKey));
    });
}

function revoke(): Command {
  return keyCommand("revoke", "Refuse a key from now on, on every replica.")
    .argument("<id>", "the eight characters after bw_")
    .action(async (name: string, id: string, options: KeyOptions) => {
      const api = await open(name, options);
      const { renderRevoked } = await import("../keys/render.ts");
      const { body } = await api.ask(`/api/keys/${encodeURIComponent(id)}`, { method: "DELETE" });
      printResult(options, body, () => renderRevoked(body as { record: KeyRecord } & Effect));
    });
}

function keyCommand(name: string, description: string): Command {
  return command(name, description)
    .argument("<environment>", "name of stacks/Pulumi.<environment>.yaml")
    .option("--key-file <file>", "the key to ask with; without it the environment's admin key");
}

async function open(name: string, { keyFile }: KeyOptions): Promise<AdminApi> {
  const { readEnvironmentFile } = await import("../environment.ts");
  const { AdminApi } = await import("../keys/admin-api.ts");
  return AdminApi.of(readEnvironmentFile(name), keyFile);
}

/** A key of no tenant is asked for by name, because leaving a word out must not make the mightiest key. */
function tenantOf({ tenant, allTenants }: CreateOptions): string | null {
  if (tenant !== undefined && allTenants !== true) return tenant;
  if (tenant === undefined && allTenants === true) return null;
  return refuse({
    code: "keys/whose",
    path: "--tenant",
    got: tenant === undefined ? "neither --tenant nor --all-tenants" : "both --tenant and --all-tenants",
    expected: "one of them",
    remedy: "say for whom the key is",
  });
}
