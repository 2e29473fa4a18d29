import type { PlannedPool, PlanSummary } from "./summary.ts";

/** A heading and what it comes down to, a line each. */
export type SummaryRow = readonly [title: string, lines: readonly string[]];

const WIDTH = 10;

/** The summary as lines of a heading and what it comes down to. */
export function summaryLines(summary: PlanSummary): readonly string[] {
  return summaryRows(summary).flatMap(([title, lines]) =>
    lines.map((line, index) => `  ${(index === 0 ? title : "").padEnd(WIDTH)} ${line}`),
  );
}

/** The summary as rows, for whatever shows them. */
export function summaryRows(summary: PlanSummary): readonly SummaryRow[] {
  return [
    ["region", [`${summary.region}${summary.jurisdiction === undefined ? "" : ` (${summary.jurisdiction})`}`]],
    ["people", [`${summary.people}, in ${summary.tenants} tenants`]],
    ["nodes", nodeLines(summary)],
    ["sandboxes", [summary.sandboxes]],
    ["database", [databaseLine(summary)]],
    ["entry", [entryLine(summary)]],
    ["vault", [vaultLine(summary)]],
    ["models", modelLines(summary)],
  ];
}

function nodeLines({ pools, kubernetes }: PlanSummary): readonly string[] {
  if (pools.length === 0) return ["this machine"];
  const cluster = kubernetes === undefined ? "of the cluster that is there" : `of Kubernetes ${kubernetes}`;
  const width = Math.max(...pools.map(({ pool }) => pool.length));
  return [cluster, ...pools.map((pool) => `${pool.pool.padEnd(width)} ${poolLine(pool)}`)];
}

/** `3 to 6 x m7i.large (2 vCPUs, 8 GiB)`. */
function poolLine({ min, max, machine, vcpus, memoryGiB, gpus }: PlannedPool): string {
  const inside = [
    `${vcpus} vCPUs`,
    `${memoryGiB} GiB`,
    ...(gpus === undefined ? [] : [`${gpus.count} x ${gpus.kind}`]),
  ];
  const what = inside.join(", ");
  return `${min} to ${max} x ${machine === undefined ? `a node with ${what}` : `${machine} (${what})`}`;
}

function databaseLine({ database, pools }: PlanSummary): string {
  const { vcpus, memoryGiB, storageGiB, standby, backupDays } = database;
  if (pools.length === 0) return `PostgreSQL, ${storageGiB} GiB, no backups`;
  const second = standby ? "a standby in another zone" : "no standby";
  return `PostgreSQL of ${vcpus} vCPUs and ${memoryGiB} GiB at least, ${storageGiB} GiB of storage, ${second}, backups for ${backupDays} days`;
}

function entryLine({ entry, pools }: PlanSummary): string {
  if (pools.length === 0) return `port ${entry.port} of this machine`;
  return `${entry.host ?? "no name"}, ${entry.exposure === "public" ? "open to the internet" : "inside only"}`;
}

function vaultLine({ vault }: PlanSummary): string {
  if (vault === undefined) return "none";
  const who = { kms: "the cloud's key service", shamir: "people with shares", transit: "another vault" }[vault.unseal];
  return `OpenBao, ${vault.servers} ${vault.servers === 1 ? "server" : "servers"}, opened by ${who ?? vault.unseal}`;
}

function modelLines({ providers, served }: PlanSummary): readonly string[] {
  const reached = providers.map(({ name, kind, host, internal }) =>
    kind === "echo" ? `${name}: echo, a stand-in` : `${name}: ${kind} at ${host}, ${internal ? "inside" : "outside"}`,
  );
  const own = served.map(
    ({ name, model, gpus, servers }) =>
      `${name}: ${model} on ${gpus}, ${servers} ${servers === 1 ? "server" : "servers"}`,
  );
  return [...reached, ...own];
}
