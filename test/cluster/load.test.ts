import { readdirSync, readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { beforeAll, expect, test } from "vitest";
import { frontDoorUrl } from "../../cli/deploy/address.ts";
import { liveWorld, partPods } from "../../cli/verify/live-world.ts";
import { execInPod } from "../../cli/verify/pod-exec.ts";
import type { World } from "../../cli/verify/world.ts";
import { keyFile, keyFolder, tenantHolder } from "../../tools/secrets/index.ts";
import { type Deployed, deployed, until } from "../support/cluster.ts";

/** Turns that each tenant has under way at any time. */
const CONCURRENT = 2;
/** The first turn of a cell that was just started takes longest. */
const FIRST_TURNS_SECONDS = 120;
const AFTER_KILL_MS = 30_000;

let at: Deployed;
let world: World;

beforeAll(async () => {
  at = await deployed();
  world = await liveWorld(at.environment, at.cluster);
});

/** An answer that a client got with status 200, named as the audit log names it. */
interface Acknowledged {
  readonly tenant: string;
  readonly traceId: string;
}

test("killing a front door and a model router under load loses no acknowledged record and overspends nothing", async () => {
  const acknowledged: Acknowledged[] = [];
  const load = new AbortController();
  const clients = world.tenants.flatMap(({ id }) =>
    Array.from({ length: CONCURRENT }, () => talk(id, acknowledged, load.signal)),
  );
  try {
    // Under load means that every tenant talks.
    const talking = await until(
      async () => new Set(acknowledged.map(({ tenant }) => tenant)).size,
      (tenants) => tenants === world.tenants.length,
      FIRST_TURNS_SECONDS,
    );
    expect(talking, "tenants that got an answer before anything was killed").toBe(world.tenants.length);
    const beforeKill = acknowledged.length;
    for (const part of ["front-door", "router"]) await killOne(part);
    await pause(AFTER_KILL_MS);
    expect(acknowledged.length, "turns answered after the kill").toBeGreaterThan(beforeKill);
  } finally {
    load.abort();
    await Promise.all(clients);
  }
  for (const part of ["front-door", "router"]) expect(await ready(part), part).toBe(2);

  const recorded = new Set(await tracesOf("front-door"));
  const lost = acknowledged.filter(({ traceId }) => !recorded.has(traceId));
  expect(lost, `${acknowledged.length} answers with status 200`).toEqual([]);

  const audited = await costsOf("router");
  expect(Object.values(audited).some((cost) => cost > 0)).toBe(true);
  for (const { id } of world.tenants) {
    const { limit, spent, leased } = await budgetOf(id);
    // What a killed router had leased counts as spent until it is known: never less than what was bought.
    expect([id, spent + leased >= (audited[id] ?? 0)], `${spent} + ${leased} of ${audited[id]}`).toEqual([id, true]);
    expect([id, spent + leased <= limit], `${spent} + ${leased} of ${limit}`).toEqual([id, true]);
  }
}, 240_000);

/** Asks one turn after the other; an answer that does not come, or not with 200, promises nothing. */
async function talk(tenant: string, acknowledged: Acknowledged[], signal: AbortSignal): Promise<void> {
  const key = keyFolder(at.environment.name)
    .read(keyFile(tenantHolder(tenant)))
    .trim();
  const url = `${frontDoorUrl(at.cluster, at.environment.settings)}/v1/chat/completions`;
  for (let turn = 1; !signal.aborted; turn += 1) {
    const messages = [{ role: "user", content: `turn ${turn} of a load test` }];
    const traceId = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ model: "openclaw/default", messages }),
    }).then(
      async (answer) => {
        await answer.text();
        return answer.status === 200 ? answer.headers.get("x-trace-id") : undefined;
      },
      () => undefined,
    );
    if (traceId === null) throw new Error("an answer with status 200 and no x-trace-id");
    if (traceId === undefined) await pause(500);
    else acknowledged.push({ tenant, traceId });
  }
}

/** SIGKILL for the service of one pod: on the node that Breakwater brings, its processes are this machine's. */
async function killOne(part: string): Promise<void> {
  const [pod] = await partPods(at.core, "breakwater", part);
  const name = pod?.metadata?.name ?? "";
  const mark = `HOSTNAME=${name}`;
  const pids = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => readProc(pid, "cmdline").includes("/app/main.cjs"))
    .filter((pid) => readProc(pid, "environ").split("\0").includes(mark));
  expect(pids, `processes of ${name}`).toHaveLength(1);
  for (const pid of pids) process.kill(Number(pid), "SIGKILL");
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch (error) {
    // It ended while we looked, or is nobody's to look into.
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}

async function ready(name: string): Promise<number> {
  const { status } = await until(
    () => at.apps.readNamespacedStatefulSet({ namespace: "breakwater", name }),
    ({ status }) => status?.readyReplicas === 2,
    120,
  );
  return status?.readyReplicas ?? 0;
}

/** Prints as JSON what `expression` makes of `records`, all records of the audit volume that the pod has. */
function auditScript(expression: string): readonly string[] {
  const script = `
const { readdirSync, readFileSync } = require("node:fs");
const folder = "/var/lib/breakwater/audit";
const files = readdirSync(folder).filter((name) => /^audit-.*\\.jsonl$/.test(name));
const lines = files.flatMap((name) => readFileSync(folder + "/" + name, "utf8").split("\\n"));
const records = lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line));
console.log(JSON.stringify(${expression}));`;
  return ["/usr/local/bin/node", "-e", script];
}

async function fromAudit<T>(part: string, expression: string): Promise<T> {
  const config = new KubeConfig();
  config.loadFromFile(at.cluster.kubeconfig);
  const [pod] = await partPods(at.core, "breakwater", part);
  if (pod === undefined) throw new Error(`no pod of ${part}`);
  const { stdout, stderr, exitCode } = await execInPod(config, pod, part, auditScript(expression));
  if (exitCode !== 0) throw new Error(`audit log of ${part}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

function tracesOf(part: string): Promise<readonly string[]> {
  return fromAudit(part, `records.filter(({ status }) => status === 200).map(({ trace_id }) => trace_id)`);
}

/** Tenant -> micro-USD of this month, as the audit log has them. */
function costsOf(part: string): Promise<Readonly<Record<string, number>>> {
  const month = new Date().toISOString().slice(0, 7);
  return fromAudit(
    part,
    `records.filter(({ kind, time }) => kind === "model" && time.startsWith("${month}")).reduce((sums, record) => ({
      ...sums, [record.tenant]: (sums[record.tenant] ?? 0) + (record.cost_micro_usd ?? 0) }), {})`,
  );
}

async function budgetOf(tenant: string): Promise<{ limit: number; spent: number; leased: number }> {
  const month = new Date().toISOString().slice(0, 7);
  const { stdout, stderr } = await world.database.query(
    "front_door",
    `SELECT limit_micro_usd || ' ' || spent_micro_usd || ' ' || leased_micro_usd FROM budget_periods
     WHERE tenant = '${tenant}' AND kind = 'tenant' AND month = '${month}'`,
  );
  const [limit, spent, leased] = stdout.trim().split(" ").map(Number);
  if (limit === undefined || spent === undefined || leased === undefined)
    throw new Error(`no budget of ${tenant}: ${stderr}`);
  return { limit, spent, leased };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
