import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Check, runCheck } from "../../../../cli/verify/check.ts";
import { cellReach } from "../../../../cli/verify/checks/cell-reach.ts";
import { chatAnswers } from "../../../../cli/verify/checks/chat-answers.ts";
import { databaseWalled } from "../../../../cli/verify/checks/database-walled.ts";
import { CHECKS } from "../../../../cli/verify/checks/index.ts";
import { memoryIsolated } from "../../../../cli/verify/checks/memory-isolated.ts";
import { podsAdmitted } from "../../../../cli/verify/checks/pods-admitted.ts";
import { sandboxKernel } from "../../../../cli/verify/checks/sandbox-kernel.ts";
import { sandboxReach } from "../../../../cli/verify/checks/sandbox-reach.ts";
import { screeningRedacts } from "../../../../cli/verify/checks/screening-redacts.ts";
import { tenantHeader } from "../../../../cli/verify/checks/tenant-header.ts";
import { timeIsUp } from "../../../../cli/verify/checks/time-is-up.ts";
import { transportEncrypted } from "../../../../cli/verify/checks/transport-encrypted.ts";
import { address, type Flaws, fakeWorld, METADATA_ADDRESS } from "../../../support/fake-world.ts";
import { localSections } from "../../../support/plan.ts";

/** Passed or not, and the first line of what was seen, in a fake world with these flaws. */
async function judged(check: Check, flaws: Flaws, ids?: readonly string[]): Promise<readonly [boolean, string]> {
  const { passed, seen } = await runCheck(check, fakeWorld(flaws, ids));
  return [passed, seen[0] ?? ""];
}

/** Address of a tenant's part in the fake world: its Service, then its pod. */
function addressOf(tenant: string, part: "cell" | "sandbox", which: "service" | "pod"): string {
  const targets = fakeWorld().tenants.find(({ id }) => id === tenant)?.[part] ?? [];
  const target = targets.find(({ name }) => name.endsWith(` ${which}`));
  if (target === undefined) throw new Error(`the fake world has no ${tenant} ${part} ${which}`);
  return address(target);
}

describe.each(CHECKS.map((check) => [check.id, check] as const))("%s", (_id, check) => {
  test("passes where every control holds, and says what it saw", async () => {
    const { passed, seen } = await runCheck(check, fakeWorld());
    expect([passed, seen]).toEqual([true, expect.any(Array)]);
    expect(seen.length).toBeGreaterThan(0);
  });

  test("does not pass where nothing answers as it should", async () => {
    const broken = { stdout: "", stderr: "no such program", exitCode: 127 };
    const [passed] = await judged(check, { answersAll: 500, probe: broken });
    expect(passed).toBe(false);
  });
});

test("every check has an id, a claim and a control of its own", () => {
  expect(CHECKS.map(({ id }) => id)).toEqual([
    "chat/answers",
    "memory/isolated",
    "tenancy/header",
    "sandbox/own-kernel",
    "sandbox/time-is-up",
    "sandbox/reaches-nothing",
    "tenant/pods-admitted",
    "cell/reaches-only-its-own",
    "database/walled",
    "transport/encrypted",
    "screening/redacts",
  ]);
  for (const { claim, control } of CHECKS) expect([claim.length > 20, control.length > 10]).toEqual([true, true]);
});

test("chat: one tenant without a reply fails it, and is named", async () => {
  expect(await judged(chatAnswers, { silent: ["sales"] })).toEqual([
    false,
    expect.stringContaining("no reply from sales: 200 "),
  ]);
});

test("memory: a tenant that finds another's fact fails it", async () => {
  expect(await judged(memoryIsolated, { sharesMemory: true })).toEqual([
    false,
    "marketing finds what engineering wrote",
  ]);
});

test("memory: finding nothing anywhere, however long it is searched for, is no isolation", async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const judging = judged(memoryIsolated, { forgets: true });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await judging).toEqual([false, expect.stringContaining("engineering does not find what it wrote: 200")]);
});

test("memory: one tenant alone proves nothing", async () => {
  expect(await judged(memoryIsolated, {}, ["engineering"])).toEqual([
    false,
    "could not be carried out: this needs at least two tenants",
  ]);
});

test("tenancy: a front door that believes the header fails it", async () => {
  expect(await judged(tenantHeader, { believesHeader: true })).toEqual([
    false,
    "marketing's key as engineering on /v1/chat/completions: 200, not 403",
  ]);
});

test("tenancy: a front door that refuses everybody proves nothing about tenants", async () => {
  const [passed] = await judged(tenantHeader, { answersAll: 403 });
  expect(passed).toBe(false);
});

test("tenancy: one tenant alone proves nothing", async () => {
  expect((await judged(tenantHeader, {}, ["marketing"]))[0]).toBe(false);
});

test("kernel: without gVisor's own boot line it fails", async () => {
  expect(await judged(sandboxKernel, { withoutGvisor: true })).toEqual([
    false,
    expect.stringContaining("marketing: no gVisor kernel log in sandbox-of-marketing"),
  ]);
});

test("kernel: a command that ran in the cell fails it", async () => {
  expect(await judged(sandboxKernel, { runsInCell: true })).toEqual([
    false,
    expect.stringContaining("marketing: the command did not run in sandbox-of-marketing"),
  ]);
});

const FROM_BOTH: readonly (readonly [string, string])[] = [
  ["the metadata service", METADATA_ADDRESS],
  ["the API server", "10.9.0.1:6443"],
  ["the internet", "1.1.1.1:443"],
  ["the front door", "10.9.0.3:18789"],
  ["another tenant's cell", addressOf("engineering", "cell", "pod")],
  ["another tenant's cell service", addressOf("engineering", "cell", "service")],
  ["another tenant's sandbox", addressOf("engineering", "sandbox", "pod")],
];

test.each([
  ...FROM_BOTH,
  ["the router", "10.9.0.2:8080"],
  ["its own cell", addressOf("marketing", "cell", "pod")],
] as const)("sandbox: reaching %s fails it", async (_what, open) => {
  const [passed, seen] = await judged(sandboxReach, { open: [open] });
  expect([passed, seen]).toEqual([false, expect.stringMatching(/^reachable: /)]);
  expect(seen).toContain(open);
});

test.each(FROM_BOTH)("cell: reaching %s fails it", async (_what, open) => {
  const [passed, seen] = await judged(cellReach, { open: [open] });
  expect([passed, seen]).toEqual([false, expect.stringMatching(/^reachable: /)]);
  expect(seen).toContain(open);
});

test("sandbox: a probe that does not reach the sandbox's own server proves nothing", async () => {
  expect(await judged(sandboxReach, { dead: ["127.0.0.1:2222"] })).toEqual([
    false,
    "could not be carried out: the probe cannot reach what it must reach (its own sshd: timed out), so it proves nothing",
  ]);
});

test.each([
  ["the router", "10.9.0.2:8080"],
  ["its own sandbox", addressOf("marketing", "sandbox", "service")],
])("cell: a probe that does not reach %s proves nothing", async (_what, dead) => {
  const [passed, seen] = await judged(cellReach, { dead: [dead] });
  expect([passed, seen]).toEqual([false, expect.stringContaining("so it proves nothing")]);
});

test("database: reaching it from a cell or a sandbox fails it", async () => {
  expect(await judged(databaseWalled, { open: ["10.9.0.4:5432"] })).toEqual([
    false,
    "reachable: database (10.9.0.4:5432)",
  ]);
});

test.each([
  ["router", "the router's user reads API keys"],
  ["postgres", "a superuser comes by TCP"],
])("database: user %s with rights that it must not have fails it", async (user, breach) => {
  expect(await judged(databaseWalled, { mighty: [user] })).toEqual([false, breach]);
});

test("screening: a number that reaches the model fails it", async () => {
  const [passed, seen] = await judged(screeningRedacts, { screensNothing: true });
  expect([passed, seen]).toEqual([false, expect.stringContaining("marketing: a payment card number came back")]);
});

test("screening: an agent that does not repeat what it is told proves nothing", async () => {
  expect(await judged(screeningRedacts, { monotonous: true })).toEqual([
    false,
    expect.stringContaining("could not be carried out: marketing: the reply does not repeat"),
  ]);
});

test("screening is tried where the environment screens, and nowhere else", async () => {
  const { parseSettings } = await import("@breakwater/runtime/settings");
  const sections = localSections() as { enterprise: { data_loss_prevention: { enabled: boolean } } };
  expect(screeningRedacts.applies?.(parseSettings(sections).settings)).toBe(true);
  sections.enterprise.data_loss_prevention.enabled = false;
  expect(screeningRedacts.applies?.(parseSettings(sections).settings)).toBe(false);
});

test.each([
  [{ withoutDeadline: true }, "marketing: a command starts without a deadline"],
  [{ raisesDeadline: true }, "marketing: a command takes its deadline away"],
])("time: %o fails it", async (flaws, why) => {
  expect(await judged(timeIsUp, flaws)).toEqual([false, why]);
});

test("time: what outlives its command's time fails it, after it was waited for", async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const judging = judged(timeIsUp, { endless: true });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await judging).toEqual([false, "marketing: 4 of 4 processes outlive their command's time"]);
});

test("time: an agent that runs nothing proves nothing", async () => {
  const [passed, why] = await judged(timeIsUp, { monotonous: true });
  expect([passed, why]).toEqual([false, expect.stringContaining("the command did not run: I see.")]);
});

test("pods: an API server that takes whatever the quota leaves room for fails it", async () => {
  expect(await judged(podsAdmitted, { takesAnyPod: true })).toEqual([
    false,
    "marketing: the API server takes a sandbox on the node's own kernel",
  ]);
});

test("pods: an API server that takes not even the tenant's own proves nothing", async () => {
  const [passed, why] = await judged(podsAdmitted, { takesNoPod: true });
  expect([passed, why]).toEqual([false, expect.stringContaining("a pod as it should be is refused")]);
});

test.each([
  ["answers plain HTTP", { plain: "HTTP/1.1 200 OK" }, "cell of marketing answers plain HTTP: HTTP/1.1 200 OK"],
  [
    "knows no such path by plain HTTP",
    { plain: "HTTP/1.1 404 Not Found" },
    "cell of marketing answers plain HTTP: HTTP/1.1 404 Not Found",
  ],
  [
    "takes TLS 1.2",
    { old: "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256" },
    "cell of marketing takes TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256",
  ],
  [
    "takes a suite that is not named",
    { others: "TLSv1.3 TLS_AES_128_GCM_SHA256" },
    "cell of marketing takes TLSv1.3 TLS_AES_128_GCM_SHA256, which the settings do not name",
  ],
  [
    "chooses a suite that is not named",
    { own: "TLSv1.3 TLS_AES_128_GCM_SHA256" },
    "cell of marketing chooses TLS_AES_128_GCM_SHA256",
  ],
  [
    "shows a certificate that ends soon",
    { days: 29 },
    "cell of marketing shows a certificate that ends in 29 days: run breakwater up",
  ],
  [
    "shows another authority's certificate",
    { own: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    "could not be carried out: cell of marketing: TLS 1.3 with the environment's authority: DEPTH_ZERO_SELF_SIGNED_CERT",
  ],
])("transport: a server that %s fails it", async (_, handshakes, seen) => {
  expect(await judged(transportEncrypted, { handshakes })).toEqual([false, seen]);
});

test("transport: a server of TLS that says 400 to plain HTTP passes", async () => {
  expect((await judged(transportEncrypted, { handshakes: { plain: "HTTP/1.0 400 Bad Request" } }))[0]).toBe(true);
});

test.each([
  ["disable", "the database is heard without TLS"],
  ["require", "the database is heard by TLS 1.2"],
])("transport: a database that is heard with sslmode %s fails it", async (databaseHeard, seen) => {
  expect(await judged(transportEncrypted, { databaseHeard })).toEqual([false, seen]);
});
