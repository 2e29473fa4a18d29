import { startDev } from "@breakwater/runtime/dev";
import { stateDir } from "../../tools/paths.ts";
import { ensureSecrets, secretFolder, tenantHolder } from "../../tools/secrets/index.ts";
import type { EnvironmentFile } from "../environment.ts";
import { devSettings, portsFrom } from "./settings.ts";

/** Runs a development server until Ctrl-C. @throws ProblemError with everything that stands in the way. */
export async function runDev(
  { name, settings }: EnvironmentFile,
  options: { readonly port: number; readonly json?: boolean },
): Promise<void> {
  const tenants = settings.multi_tenant.tenants.map(({ id }) => ({ id, sandbox: { host: "127.0.0.1", port: 22 } }));
  // Apart from the secrets of the deployed environment: nothing that works here opens anything there.
  const environment = `dev-${name}`;
  const keys = ensureSecrets(environment, tenants, new Date());
  const ports = portsFrom(options.port);
  const running = await startDev(devSettings(settings, secretFolder(environment), stateDir("dev", name), ports));
  const address = `http://127.0.0.1:${ports.frontDoor}`;
  const [first] = settings.multi_tenant.tenants;
  const keyFile = first === undefined ? undefined : keys[tenantHolder(first.id)];
  process.stdout.write(options.json ? `${JSON.stringify({ address, keys })}\n` : greeting(address, keyFile, keys));
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await running.stop();
}

function greeting(address: string, keyFile: string | undefined, keys: Readonly<Record<string, string>>): string {
  return [
    "",
    `front door    ${address}`,
    "models        the echo model, a labelled stand-in; cells are stand-ins too: no OpenClaw, no sandbox, no walls",
    ...Object.entries(keys).map(([holder, file]) => `key           ${holder}: ${file}`),
    "",
    `curl -H "Authorization: Bearer $(cat ${keyFile ?? "KEY"})" -H 'content-type: application/json' \\`,
    `  -d '{"model":"openclaw/default","messages":[{"role":"user","content":"hello"}]}' ${address}/v1/chat/completions`,
    "",
    "Ctrl-C stops it; what it stored is kept.",
    "",
  ].join("\n");
}
