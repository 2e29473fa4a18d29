import { expect, test } from "vitest";
import { reportOf } from "../../../../cli/cost/report.ts";
import type { PlannedResource } from "../../../../cli/plan/recorder.ts";
import { correctionLine, renderPlan } from "../../../../cli/plan/render.ts";
import { summaryLines } from "../../../../cli/plan/render-summary.ts";
import type { PlanSummary } from "../../../../cli/plan/summary.ts";
import { usd } from "../../../../cost/currency.ts";
import { type PolicySettings, verdictOf } from "../../../../policies/verdict.ts";
import { judged } from "../../../support/judge.ts";
import { pod, withContext } from "../../../support/judged-pods.ts";
import { planned, settingsOf } from "../../cost/fixture.ts";

function resource(custom: boolean, type: string, name: string, parent: string, inputs = {}): PlannedResource {
  return { urn: `${type}::${name}`, type, name, parent, custom, inputs, dependencies: [], protected: false };
}

const summary: PlanSummary = {
  region: "local",
  jurisdiction: undefined,
  people: 5,
  tenants: 3,
  kubernetes: undefined,
  pools: [],
  sandboxes: "gvisor",
  database: { vcpus: 2, memoryGiB: 4, storageGiB: 5, standby: false, backupDays: 35 },
  entry: { exposure: "internal", host: undefined, port: 18_789 },
  vault: undefined,
  providers: [{ name: "openai", kind: "echo", host: "", internal: true }],
  served: [],
};

const settings = settingsOf("acme-aws");
const NO_POLICIES: PolicySettings = { enforcement: { default: "mandatory", rules: {} }, exceptions: [] };
const DAY = "2026-11-24";

/** What the policies say where one pod is privileged. */
function privilegedPod(policies: Partial<PolicySettings> = {}) {
  const all = { ...NO_POLICIES, ...policies };
  const result = judged("K8S-004", [pod(withContext({ privileged: true }))], { exceptions: all.exceptions });
  return verdictOf([result], all, DAY);
}

/** What two keys cost, and what their budget is. */
function keysCost(budgetUsd?: number) {
  const budgeted =
    budgetUsd === undefined ? settings : { ...settings, cost: { ...settings.cost, monthly_budget_usd: budgetUsd } };
  const keys = ["a", "b"].map((name) => planned("aws:kms/key:Key", {}, { name }));
  return reportOf({ name: "local", settings: budgeted }, keys, { day: DAY, money: usd(settings) });
}

const plan = {
  policy: verdictOf([judged("K8S-004", [pod()])], NO_POLICIES, DAY),
  cost: keysCost(),
  environment: "local",
  architecture: "A",
  topology: "local",
  summary,
  resources: [
    resource(false, "breakwater:agents:Agents", "agents", "root"),
    resource(true, "kubernetes:core/v1:Namespace", "n", "breakwater:agents:Agents::agents", {
      metadata: { name: "shared" },
    }),
    resource(false, "breakwater:agents:Cell", "a", "breakwater:agents:Agents::agents"),
    resource(true, "breakwater:index:SecretFiles", "s", "breakwater:agents:Cell::a", {
      name: "keys",
      namespace: "tenant-a",
    }),
    resource(true, "kubernetes:core/v1:Service", "own-name", "breakwater:agents:Cell::a"),
  ],
  corrections: [{ path: "cell.replicas", got: 3, became: 1, reason: "single writer" }],
  warnings: ["look out"],
  gaps: [
    { id: "cloud/trail", says: "a record", because: "there is no cloud" },
    { id: "backup/locked", says: "a lock", because: "nobody has a key" },
    { id: "keys/rotated", says: "a key", because: "there is no cloud" },
  ],
} as unknown as Parameters<typeof renderPlan>[0];

test("a plan reads as what it comes down to, components with their resources, corrections, warnings, gaps, rules and cost", () => {
  expect(renderPlan(plan)).toBe(`local: architecture A on local

  region     local
  people     5, in 3 tenants
  nodes      this machine
  sandboxes  gvisor
  database   PostgreSQL, 5 GiB, no backups
  entry      port 18789 of this machine
  vault      none
  models     openai: echo, a stand-in

agents (Agents)
  + Namespace shared
  a (Cell)
    + SecretFiles tenant-a/keys
    + Service own-name

Corrected:
  - cell.replicas: 3 -> 1 (single writer)

Warnings:
  - look out

Not there, because there is no cloud:
  - a record
  - a key

Not there, because nobody has a key:
  - a lock

Policies: 1 passed, 0 violated, 0 accepted, 0 wait for values of an update; 0 do not apply, 0 are declared, 0 no plan can tell

Cost: 579.50 USD a month, 156.00 to 2,802.00; breakwater cost local says more
  by tenant: marketing 231.67, engineering 231.67, customer-service 116.17

                                                              low  expected      high   price
tokens  model tokens: gpt-5.2                               77.01    231.00    500.00  medium
tokens  model tokens: claude-sonnet-4-6, claude-haiku-4-5   38.50    231.00  2,000.00  medium
tokens  model tokens: claude-haiku-4-5                      38.49    115.50    300.00  medium
security  encryption keys                                    2.00      2.00      2.00     low
total                                                      156.00    579.50  2,802.00

3 resources in 2 components. Nothing was built or changed.`);
});

test("a plan with nothing to say has no empty headings", () => {
  const text = renderPlan({ ...plan, corrections: [], warnings: [], gaps: [] });
  for (const heading of ["Corrected", "Warnings", "Not there"]) expect(text).not.toContain(heading);
});

test("without the tree everything else is still said", () => {
  const text = renderPlan(plan, { tree: false });
  expect(text).not.toContain("+ Namespace");
  for (const said of ["region     local", "Corrected", "look out", "a lock", "3 resources in 2 components"]) {
    expect(text).toContain(said);
  }
});

test("what stands against a plan is named with its remedy, and counted at the end", () => {
  const text = renderPlan({ ...plan, policy: privilegedPod(), cost: keysCost(1) });
  expect(text).toContain(`  Refused:
    K8S-004 Pod it: container cell: privileged is true
      Remove privileged;`);
  expect(text).toContain("OVER the budget of 1.00 USD");
  expect(text).toContain("It would not be deployed: 2 problems stand against it.");
});

test("an accepted violation shows who answers for it, until when, and why, and does not stop the plan", () => {
  const exception = { rule: "K8S-004", owner: "ops", reason: "the node agent needs it", expires: "2027-01-01" };
  const text = renderPlan({ ...plan, policy: privilegedPod({ exceptions: [exception] }) });
  expect(text).toContain("    K8S-004 1 found, ops until 2027-01-01: the node agent needs it\n");
  expect(text).not.toContain("would not be deployed");
});

test("on a cloud the summary names the machines of every pool, the entry, the vault and the models", () => {
  const pool = { min: 3, max: 6, vcpus: 2, memoryGiB: 8, machine: "m7i.large", gpus: undefined };
  const lines = summaryLines({
    ...summary,
    region: "ap-northeast-2",
    jurisdiction: "kr",
    people: 50,
    kubernetes: "1.34",
    pools: [
      { ...pool, pool: "system" },
      {
        ...pool,
        pool: "gpu-h100",
        min: 0,
        max: 1,
        machine: "p5.48xlarge",
        vcpus: 192,
        memoryGiB: 2048,
        gpus: { kind: "h100", count: 8 },
      },
      { ...pool, pool: "there", machine: undefined },
    ],
    database: { ...summary.database, standby: true },
    entry: { exposure: "public", host: "agents.company.com", port: 18_789 },
    vault: { servers: 3, unseal: "kms" },
    providers: [
      { name: "openai", kind: "openai", host: "api.openai.com", internal: false },
      { name: "own", kind: "nim", host: "m.inference.svc.cluster.local", internal: true },
    ],
    served: [{ name: "m", model: "nvidia/a", gpus: "4 x h100, fp8", servers: 1 }],
  });
  expect(lines).toEqual([
    "  region     ap-northeast-2 (kr)",
    "  people     50, in 3 tenants",
    "  nodes      of Kubernetes 1.34",
    "             system   3 to 6 x m7i.large (2 vCPUs, 8 GiB)",
    "             gpu-h100 0 to 1 x p5.48xlarge (192 vCPUs, 2048 GiB, 8 x h100)",
    "             there    3 to 6 x a node with 2 vCPUs, 8 GiB",
    "  sandboxes  gvisor",
    "  database   PostgreSQL of 2 vCPUs and 4 GiB at least, 5 GiB of storage, a standby in another zone, backups for 35 days",
    "  entry      agents.company.com, open to the internet",
    "  vault      OpenBao, 3 servers, opened by the cloud's key service",
    "  models     openai: openai at api.openai.com, outside",
    "             own: nim at m.inference.svc.cluster.local, inside",
    "             m: nvidia/a on 4 x h100, fp8, 1 server",
  ]);
});

test("a correction says what was written, what it became and why", () => {
  const correction = { path: "a.b", got: "/api/health", became: "/healthz", reason: "404" } as unknown;
  expect(correctionLine(correction as Parameters<typeof correctionLine>[0])).toBe(
    'a.b: "/api/health" -> "/healthz" (404)',
  );
});
