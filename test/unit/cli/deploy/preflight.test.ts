import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "@breakwater/runtime/settings";
import { afterEach, describe, expect, test, vi } from "vitest";
import { preflight } from "../../../../cli/deploy/preflight.ts";
import { bringUp } from "../../../../cli/deploy/up.ts";
import { type EnvironmentFile, readEnvironmentFile } from "../../../../cli/environment.ts";
import { type Progress, silent } from "../../../../tools/progress.ts";

/** The shipped environment with these sections in place of its own. */
function localWith(changed: Readonly<Record<string, unknown>>): EnvironmentFile {
  const local = readEnvironmentFile("local");
  const sections = { ...local.sections, ...changed };
  return { ...local, sections, ...parseSettings(sections) };
}

const unaccepted = localWith({ policies: {} });

/** Labels of the steps that were begun. */
class Steps implements Progress {
  readonly labels: string[] = [];
  start(label: string) {
    this.labels.push(label);
    return silent.start(label);
  }
}

test("up builds nothing of an environment that breaks a mandatory rule", async () => {
  const steps = new Steps();
  await expect(bringUp(unaccepted, steps)).rejects.toThrow("[policies/violation] SUP-004");
  expect(steps.labels).toEqual(["plan, policies and cost of local"]);
});

test("every rule that is broken is named at once", async () => {
  const refused = String(await preflight(unaccepted, silent).catch((error: unknown) => error));
  for (const rule of ["CRY-004", "LOG-007", "SUP-004"]) {
    expect(refused).toContain(`[policies/violation] ${rule}`);
  }
});

test("an environment that only advises goes on", async () => {
  const advised = localWith({ policies: { enforcement: { default: "advisory" } } });
  const { policy } = await preflight(advised, silent);
  expect([policy.mandatory, policy.advisory.length > 2]).toEqual([[], true]);
});

describe("with a state on this machine", () => {
  const home = mkdtempSync(join(tmpdir(), "breakwater-preflight-"));
  const kept = join(home, "breakwater", "environments", "local", "pulumi", ".pulumi", "stacks", "breakwater");
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  /** What the step says when it is done. */
  async function said(state: string): Promise<readonly (string | undefined)[]> {
    vi.stubEnv("XDG_STATE_HOME", home);
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, "local.json"), state);
    const notes: (string | undefined)[] = [];
    await preflight(readEnvironmentFile("local"), {
      start: (label) => ({ ...silent.start(label), done: (note) => notes.push(note) }),
    });
    return notes;
  }

  test("up says what it does to the month before it builds", async () => {
    const exported = readFileSync(join("test", "fixtures", "cost", "exported-state.json"), "utf8");
    expect(await said(exported)).toEqual([
      expect.stringMatching(/; Against what is deployed: -[\d,.]+ USD a month, from [\d,.]+ to 0\.00/),
    ]);
  });

  test("up goes on where that cannot be said, and says why", async () => {
    expect(await said("{")).toEqual([
      expect.stringContaining("; Not compared with what is deployed: [cost/state-unreadable] state of local: "),
    ]);
  });
});

test("up builds nothing of an environment whose exception is over", async () => {
  const { policies } = readEnvironmentFile("local").sections as { policies: { exceptions: readonly object[] } };
  const over = policies.exceptions.map((exception) => ({ ...exception, expires: "2020-01-01" }));
  await expect(preflight(localWith({ policies: { exceptions: over } }), silent)).rejects.toThrow(
    "[policies/expired-exception] policies.exceptions[0].expires",
  );
});

test("up builds nothing of an environment that is too dear", async () => {
  const { exceptions } = readEnvironmentFile("acme-aws").sections["policies"] as { exceptions: readonly object[] };
  const aws = readEnvironmentFile("acme-aws");
  const sections = {
    ...aws.sections,
    policies: { exceptions },
    cost: { monthly_budget_usd: 10, allow_unpriced: true },
  };
  await expect(preflight({ ...aws, sections, ...parseSettings(sections) }, silent)).rejects.toThrow(
    /^\[cost\/budget\] cost\.monthly_budget_usd: got a plan of [\d,.]+ USD a month, [\d,.]+ USD too much; expected at most 10\.00 USD/,
  );
});
