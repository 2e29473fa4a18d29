import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DevArgs } from "@breakwater/runtime/dev";
import { FrontDoorSettings, RouterSettings, type Settings } from "@breakwater/runtime/settings";
import { frontDoorOf } from "../../stacks/front-door.ts";
import { routerOf } from "../../stacks/model-router.ts";
import type { SecretFolder } from "../../tools/secrets/files.ts";

/** Where the parts of a development server listen, all on loopback. */
export interface DevPorts {
  readonly frontDoor: number;
  readonly router: number;
  readonly cells: number;
  readonly echoModel: number;
}

/** Each service takes its own port and the next one, for probes and metrics. */
export function portsFrom(first: number): DevPorts {
  return { frontDoor: first, router: first + 2, cells: first + 4, echoModel: first + 5 };
}

/**
 * The settings that the services would get in a cluster, with the addresses and files of this machine in the place of the
 * cluster's. Every model is the echo model, whatever the environment names, so that nothing is asked for a key.
 *
 * @param folder keeps audit logs and the database.
 */
export function devSettings(settings: Settings, secrets: SecretFolder, folder: string, ports: DevPorts): DevArgs {
  const echoed = withEchoModels(settings);
  // Never asked: both services are handed the database that is open already.
  const nowhere = { host: "127.0.0.1", port: 1, name: "breakwater", authority: "own" };
  const frontDoor = frontDoorOf(echoed, nowhere);
  const router = routerOf(echoed, nowhere);
  const place = (part: "front-door" | "router", parsed: unknown, files: Readonly<Record<string, string>>): unknown =>
    relocated(parsed, `/run/secrets/${part}/`, (name) => secrets.path(files[name] ?? name));
  const onLoopback = (port: number) => ({ host: "127.0.0.1", port });
  // Everything is on this machine's loopback and in one process.
  const { trust: _trust, ...placedFrontDoor } = FrontDoorSettings.parse(
    place("front-door", frontDoor.settings, { ...frontDoor.secretFiles, "api-keys.json": "platform/api-keys.json" }),
  );
  const { transport: _transport, ...placedRouter } = RouterSettings.parse(
    place("router", router.settings, router.secretFiles),
  );
  return {
    frontDoor: {
      ...placedFrontDoor,
      listen: onLoopback(ports.frontDoor),
      replicas: 1,
      audit: { ...placedFrontDoor.audit, directory: auditFolder(folder, "front-door"), exports: [] },
      tenants: placedFrontDoor.tenants.map(({ cell: { gateway_token_file }, ...tenant }) => ({
        ...tenant,
        cell: { base_url: `http://127.0.0.1:${ports.cells}/${tenant.id}`, gateway_token_file },
      })),
    },
    router: {
      ...placedRouter,
      listen: onLoopback(ports.router),
      audit: { ...placedRouter.audit, directory: auditFolder(folder, "router"), exports: [] },
      providers: Object.fromEntries(
        Object.entries(placedRouter.providers).map(([name, { own_authority: _authority, ...provider }]) => [
          name,
          { ...provider, base_url: `http://127.0.0.1:${ports.echoModel}/v1` },
        ]),
      ),
    },
    tenants: settings.multi_tenant.tenants.map(({ id }) => ({
      id,
      gatewayToken: secrets.read(`tenants/${id}/gateway-token`).trim(),
      routerKey: secrets.read(`tenants/${id}/router-key`).trim(),
    })),
    cellsPort: ports.cells,
    echoModelPort: ports.echoModel,
    databaseDirectory: join(folder, "database"),
  };
}

function withEchoModels(settings: Settings): Settings {
  const names = Object.keys(settings.model_providers);
  return { ...settings, model_providers: Object.fromEntries(names.map((name) => [name, { kind: "echo" as const }])) };
}

function auditFolder(folder: string, part: string): string {
  const directory = join(folder, `audit-${part}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** A copy in which every text that begins with `prefix` names a file of this machine. */
function relocated(value: unknown, prefix: string, fileOf: (name: string) => string): unknown {
  if (typeof value === "string") return value.startsWith(prefix) ? fileOf(value.slice(prefix.length)) : value;
  if (Array.isArray(value)) return value.map((item) => relocated(item, prefix, fileOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, relocated(item, prefix, fileOf)]));
}
