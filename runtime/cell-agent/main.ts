import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CellAgentSettings } from "../settings/services.ts";
import { connectGateway } from "./gateway-connection.ts";
import { probeServer } from "./probes.ts";
import { type Readiness, watch } from "./watch.ts";
import { openSocket } from "./web-socket.ts";

/** One JSON line; never the content of a conversation, never a secret. */
function log(level: "info" | "warn" | "error", message: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { settings: { type: "string" } } });
  if (values.settings === undefined) throw new Error("--settings: got nothing; expected a path");
  const settings = CellAgentSettings.parse(JSON.parse(await readFile(values.settings, "utf8")));
  const stop = new AbortController();
  let readiness: Readiness = { ready: false, reason: "not checked yet" };

  const server = probeServer(() => readiness);
  server.listen(settings.listen.port, settings.listen.host);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

  await watch({
    connect: async () => {
      const socket = await openSocket(settings.gateway_url);
      return connectGateway(socket, (await readFile(settings.gateway_token_file, "utf8")).trim());
    },
    sleep: (ms) => sleep(ms, stop.signal),
    requiredPlugins: settings.required_plugins,
    onChange: (next) => {
      readiness = next;
      log(next.ready ? "info" : "warn", next.ready ? "cell ready" : "cell not ready", next);
    },
    stopped: () => stop.signal.aborted,
  });
  server.close();
  server.closeAllConnections();
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

main().catch((error: unknown) => {
  log("error", "cell agent stopped", { reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  setImmediate(() => process.exit());
});
