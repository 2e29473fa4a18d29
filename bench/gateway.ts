import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../test/support/postgres.ts";
import { ensureCommands } from "../tools/packages.ts";
import { cacheDir, projectRoot } from "../tools/paths.ts";
import { silent } from "../tools/progress.ts";
import { figuresOf, type Series } from "./gateway/figures.ts";
import { load, type Window } from "./gateway/load.ts";
import { frontDoor, router, type World } from "./gateway/services.ts";
import { startTarget, type Target, type TargetArgs } from "./gateway/target.ts";
import { timed } from "./sample.ts";
import type { Figure } from "./table.ts";

/** The proxy under load has this core for itself; the load, its model server and the database share the other. */
const PROXY_CORE = 0;
const OTHER_CORE = 1;
const WINDOWS = 6;
const WINDOW_SECONDS = 3;
const CONCURRENCIES = [32, 128] as const;
const PORTS = { upstream: 19_101, portkey: 19_102, fastify: 19_103, frontDoor: 19_105, router: 19_110 };

/** Our two services with everything on beside Portkey and a bare proxy, window after window in turn. */
export async function benchGateway(): Promise<readonly Figure[]> {
  await ensureCommands({ wrk: "wrk", taskset: "util-linux" }, silent);
  const folder = mkdtempSync(join(tmpdir(), "breakwater-gateway-"));
  const upstream = spawn(
    "taskset",
    [
      "-c",
      String(OTHER_CORE),
      process.execPath,
      join(projectRoot, "bench/gateway/upstream.mjs"),
      String(PORTS.upstream),
    ],
    { stdio: "inherit" },
  );
  const postgres = await startPostgres();
  const targets: Target[] = [];
  try {
    await startTargets({ folder, upstreamPort: PORTS.upstream, database: postgres.settings }, targets);
    const [peer, bare, ...ours] = targets.map(({ name }) => name);
    return figuresOf(await measure(targets), { peer: peer ?? "", bare: bare ?? "", ours });
  } finally {
    for (const { stop } of targets) stop();
    upstream.kill("SIGKILL");
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(targets: readonly Target[]): Promise<readonly Series[]> {
  const windows = new Map<string, Window[]>();
  const series = CONCURRENCIES.flatMap((concurrency) => targets.map((target) => ({ target, concurrency })));
  // The first window of each warms it up and is thrown away.
  for (let round = 0; round <= WINDOWS; round += 1) {
    for (const { target, concurrency } of series) {
      const window = await load(target, { concurrency, seconds: round === 0 ? 1 : WINDOW_SECONDS, core: OTHER_CORE });
      const name = `${target.name} ${concurrency}`;
      if (round > 0) windows.set(name, [...(windows.get(name) ?? []), window]);
    }
  }
  return series.map(({ target, concurrency }) => ({
    target: target.name,
    concurrency,
    windows: windows.get(`${target.name} ${concurrency}`) ?? [],
  }));
}

/** Starts them one by one into `started`, so that whatever fails, those that run are stopped. */
async function startTargets(world: World, started: Target[]): Promise<void> {
  const portkey = join(await peersFolder(), "node_modules/@portkey-ai/gateway/build/start-server.js");
  const bare = join(projectRoot, "bench/gateway/fastify-proxy.mjs");
  const start = async (args: Omit<TargetArgs, "core">): Promise<void> => {
    started.push(await startTarget({ ...args, core: PROXY_CORE }));
  };
  await start({
    name: "Portkey 1.15.2, nothing on",
    port: PORTS.portkey,
    argv: [portkey, `--port=${PORTS.portkey}`, "--headless"],
    headers: {
      authorization: "Bearer bench",
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `http://127.0.0.1:${world.upstreamPort}/v1`,
    },
  });
  await start({
    name: "Fastify + undici, nothing on",
    port: PORTS.fastify,
    argv: [bare, String(PORTS.fastify), String(world.upstreamPort)],
    headers: { authorization: "Bearer bench" },
  });
  await start({ name: "front door, everything on", port: PORTS.frontDoor, ...frontDoor(world, PORTS.frontDoor) });
  await start({ name: "model router, everything on", port: PORTS.router, ...router(world, PORTS.router) });
}

/** The peers, installed once from their own lockfile and apart from the product's packages. */
async function peersFolder(): Promise<string> {
  const source = join(projectRoot, "bench/gateway/peers");
  const lock = createHash("sha256")
    .update(readFileSync(join(source, "package-lock.json")))
    .digest("hex");
  const folder = cacheDir("bench", `peers-${lock.slice(0, 16)}`);
  if (existsSync(join(folder, "node_modules"))) return folder;
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  await timed(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  return folder;
}
