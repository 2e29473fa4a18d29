import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseSettings } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { environmentNames } from "../../../cli/environment.ts";
import { inPlanOrder } from "../../../cli/plan/order.ts";
import { summaryOf } from "../../../cli/plan/summary.ts";
import { demandOf } from "../../../stacks/demand.ts";
import { placeOf, problemsOf } from "../../../stacks/placement/index.ts";
import { projectRoot } from "../../../tools/paths.ts";
import { shuffled } from "../../support/environments.ts";
import { recordPlan, type Sections, sectionsOf } from "../../support/plan.ts";

const environments = environmentNames();

/** Time zones far apart, among them one with half an hour and one that skipped a day. */
const ZONES = ["UTC", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Asia/Shanghai"];

/** Everything that is decided before a resource is registered, as bytes. */
async function decided(environment: string, sections: unknown): Promise<string> {
  const { settings, corrections } = parseSettings(sections);
  const demand = demandOf(environment, settings);
  const place = await placeOf(settings, demand);
  return JSON.stringify({ demand, problems: problemsOf(place), summary: summaryOf(place), corrections });
}

test("over 1,000 shuffles of key order and time zones environments ask their place for the same, byte for byte, and never by a locale", async () => {
  const expected = new Map<string, string>();
  for (const environment of environments)
    expected.set(environment, await decided(environment, sectionsOf(environment)));
  const asked = [
    vi.spyOn(String.prototype, "localeCompare"),
    vi.spyOn(Number.prototype, "toLocaleString"),
    vi.spyOn(Date.prototype, "toLocaleString"),
  ];
  const any = [fc.constantFrom(...environments), fc.nat(), fc.constantFrom(...ZONES)] as const;
  try {
    await fc.assert(
      fc.asyncProperty(...any, async (environment, seed, zone) => {
        vi.stubEnv("TZ", zone);
        expect(await decided(environment, shuffled(sectionsOf(environment), seed))).toBe(expected.get(environment));
      }),
      { numRuns: 1000 },
    );
    for (const spy of asked) expect(spy).not.toHaveBeenCalled();
  } finally {
    vi.unstubAllEnvs();
    for (const spy of asked) spy.mockRestore();
  }
}, 180_000);

test.each(environments)(
  "in 2 more complete recordings with shuffled keys %s plans the same resources with the same inputs, byte for byte",
  async (environment) => {
    const sections = sectionsOf(environment);
    const expected = JSON.stringify(inPlanOrder(await recordPlan(sections, { environment })));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...ZONES), async (seed, zone) => {
        vi.stubEnv("TZ", zone);
        const again = await recordPlan(shuffled(sections, seed) as Sections, { environment });
        // A boolean: the difference of two whole plans is no message for anybody.
        expect(JSON.stringify(inPlanOrder(again)) === expected).toBe(true);
      }),
      { numRuns: 2 },
    );
  },
  120_000,
);

test("processes of another language and time zone print the same plan, byte for byte", () => {
  const [environment = "local"] = environments;
  const printed = ["C", "tr_TR.UTF-8", "zh_CN.UTF-8"].map((locale, index) => {
    const env = { ...process.env, LC_ALL: locale, LANG: locale, TZ: ZONES[index + 1] ?? "UTC" };
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(projectRoot, "cli", "bin.mjs"), "plan", environment, "--json"],
      {
        cwd: projectRoot,
        env,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
      },
    );
    expect(status).toBe(0);
    return stdout;
  });
  expect(new Set(printed).size).toBe(1);
}, 180_000);
