import { readFile } from "node:fs/promises";
import type { Dispatcher } from "undici";
import { z } from "zod";
import { jsonOrUndefined } from "../json/index.ts";
import { formatProblem, ProblemError } from "../problems/index.ts";
import { readSettings } from "../service/settings-file.ts";
import { CellAgentSettings } from "../settings/services.ts";
import { clientTls, serverTls } from "../transport/tls.ts";
import { trusting } from "../transport/trusting.ts";
import { AgentStore } from "./agent-store.ts";
import { readFileIfThere, replaceFile } from "./durable-file.ts";
import { type Connect, onGateway } from "./gateway.ts";
import { connectGateway } from "./gateway-connection.ts";
import { deliverToolCalls } from "./router-client.ts";
import { cellAgentServer } from "./server.ts";
import { shipToolAudit } from "./tool-audit-shipper.ts";
import { type Readiness, watch } from "./watch.ts";
import { openSocket } from "./web-socket.ts";

/** One JSON line; never the content of a conversation, never a secret. */
function log(level: "info" | "warn" | "error", message: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), CellAgentSettings);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  const stopped = (): boolean => stop.signal.aborted;
  const sleepTillStop = (ms: number): Promise<void> => sleep(ms, stop.signal);
  const token = async (): Promise<string> => (await readFile(settings.gateway_token_file, "utf8")).trim();
  const dispatcher = trusting(clientTls(settings.transport));
  const connect: Connect = async (scopes) =>
    connectGateway(await openSocket(settings.gateway_url, dispatcher), await token(), scopes);
  const tls = serverTls(settings.transport);

  const nowMs = (): number => performance.now();
  const store = new AgentStore({ files: settings.config, connect, sleep: sleepTillStop, nowMs, log });
  // Before the configuration: OpenClaw starts as soon as that is there.
  await replaceFile(settings.cipher_suites_file, `${settings.transport.cipher_suites.join(":")}\n`);
  await store.start();

  let readiness: Readiness = { ready: false, reason: "not checked yet" };
  const onError = (error: unknown): void => log("error", "request failed", { error: String(error) });
  const server = cellAgentServer({ tls, readiness: () => readiness, store, token, onError });
  server.listen(settings.listen.port, settings.listen.host);

  const shipping = ship(settings.tool_audit, { dispatcher, connect, sleep: sleepTillStop, stopped });
  const watching = watch({
    connect: () => connect(["operator.read"]),
    sleep: sleepTillStop,
    requiredPlugins: settings.required_plugins,
    onChange: (next) => {
      readiness = next;
      log(next.ready ? "info" : "warn", next.ready ? "cell ready" : "cell not ready", next);
      if (next.ready) store.tidy().catch(onError);
    },
    stopped,
  });
  await Promise.all([shipping, watching]);
  server.close();
  server.closeAllConnections();
}

const CursorFile = z.strictObject({ first: z.string(), offset: z.number().int().nonnegative() });

/** Ships the guard's tool audit; a cursor that cannot be read starts it from the oldest file: twice is better than never. */
function ship(
  audit: CellAgentSettings["tool_audit"],
  deps: {
    readonly dispatcher: Dispatcher;
    readonly connect: Connect;
    readonly sleep: (ms: number) => Promise<void>;
    readonly stopped: () => boolean;
  },
): Promise<void> {
  const router = { url: audit.router_url, keyFile: audit.router_key_file, dispatcher: deps.dispatcher };
  return shipToolAudit({
    ...deps,
    file: audit.file,
    readCursor: async () => {
      const text = await readFileIfThere(audit.cursor_file);
      return text === undefined ? undefined : CursorFile.safeParse(jsonOrUndefined(text)).data;
    },
    writeCursor: (cursor) => replaceFile(audit.cursor_file, JSON.stringify(cursor)),
    deliver: (body) => deliverToolCalls(router, body),
    release: (file) =>
      onGateway(deps.connect, ["operator.write"], async (connection) => {
        await connection.call("cell-guard.delivered", file);
      }),
    log,
  });
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
  const reason = error instanceof ProblemError ? error.problems.map(formatProblem).join("\n") : String(error);
  log("error", "cell agent stopped", { reason });
  process.exitCode = 1;
  setImmediate(() => process.exit());
});
