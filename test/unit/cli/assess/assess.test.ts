import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ledger, parseSettings, readSettingsText, stateOf } from "@breakwater/runtime/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Answers, STANDARDS } from "../../../../cli/assess/answers.ts";
import { assess } from "../../../../cli/assess/assess.ts";
import { contradictions } from "../../../../cli/assess/contradictions.ts";
import { GAPS, gapsOf } from "../../../../cli/assess/gaps.ts";
import { readAnswersFile } from "../../../../cli/assess/read.ts";
import { shares } from "../../../../cli/assess/tenants.ts";
import { environmentOf } from "../../../../cli/environment.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { shuffled } from "../../../support/environments.ts";
import { recordPlan, type Sections } from "../../../support/plan.ts";
import { company } from "./company.ts";

const fixtures = join(projectRoot, "test", "fixtures", "assess");
const settingsOf = (yaml: string) => parseSettings(readSettingsText("Pulumi.a.yaml", yaml).content).settings;

/** Any answers, weighted so that many of them go together. */
const answers: fc.Arbitrary<Answers> = fc
  .record({
    base: fc.constantFrom<Parameters<typeof company>[0]>(
      {},
      { place: { country: "de" } },
      { place: { country: "cn" }, security: { models: "domestic" } },
      { place: { country: "cn", cloud: "aws", state_owned: true }, security: { models: "domestic" } },
      { place: { country: "cn", cloud: "tencent" }, security: { models: "domestic" } },
      { place: { country: "cn", infrastructure: "private-region" }, security: { models: "own" } },
      { place: { country: "tw", infrastructure: "dgx" }, security: { models: "own", data_may_leave: false } },
      { place: { country: "us", infrastructure: "dgx" }, security: { models: "own" } },
      { place: { country: "cn", infrastructure: "dgx", state_owned: true }, security: { models: "own" } },
      { place: { infrastructure: "one-machine" }, security: { models: "any" } },
      { place: { infrastructure: "one-machine", country: "cn" }, security: { models: "domestic" } },
      { place: { infrastructure: "one-machine" }, security: { models: "stand-in", data_may_leave: false } },
    ),
    scale: fc.record({
      people: fc.integer({ min: 1, max: 1000 }),
      agents: fc.integer({ min: 1, max: 300 }),
      monthly_model_usd: fc.integer({ min: 0, max: 20_000 }),
      departments: fc.uniqueArray(fc.constantFrom("marketing", "engineering", "customer-service", "hr", "r2"), {
        minLength: 1,
      }),
    }),
    standards: fc.subarray([...STANDARDS]),
    full_audit: fc.boolean(),
    functions: fc.record({
      browser_automation: fc.boolean(),
      voice: fc.boolean(),
      agents_work_together: fc.boolean(),
      sso: fc.boolean(),
      wechat_work: fc.boolean(),
      internal_systems: fc.subarray(["crm.corp.example", "wiki.corp.example"]),
    }),
    rpo_minutes: fc.nat(3000),
  })
  .map(({ base, scale, standards, full_audit, functions, rpo_minutes }) => {
    const { place, security } = base ?? {};
    return company({
      ...(place === undefined ? {} : { place }),
      scale,
      security: { ...security, standards, full_audit },
      functions,
      operations: { rpo_minutes },
    });
  })
  .filter((candidate) => contradictions(candidate).length === 0);

describe("an assessment", () => {
  test("gives an environment that is accepted and placeable, and the same bytes for the same answers", async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.nat(1000), async (given, seed) => {
        const first = await assess(given);
        expect(await assess(shuffled(given, seed) as Answers)).toEqual(first);
        const { deployment, multi_tenant } = settingsOf(first.yaml);
        expect(deployment.people).toBe(given.scale.people);
        expect(multi_tenant.tenants.map(({ id }) => id)).toEqual(given.scale.departments);
        expect(first.yaml).not.toMatch(/[&*]a\d/);
        expect(first.yaml).not.toMatch(/acme\.example|acme\.internal|company\.com/);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test.each(readdirSync(fixtures))("plans what %s asks for", async (file) => {
    const { yaml, environment } = await assess(readAnswersFile(join(fixtures, file)));
    const sections = readSettingsText("Pulumi.a.yaml", yaml).content as Sections;
    const plan = await recordPlan(sections, { environment });
    const { multi_tenant } = settingsOf(yaml);
    for (const { id } of multi_tenant.tenants) {
      expect(plan.some(({ type, name }) => type === "breakwater:agents:Tenant" && name === id)).toBe(true);
    }
  });

  test("keeps data that may not leave inside, without a model of anybody else", async () => {
    const { architecture, yaml } = await assess(readAnswersFile(join(fixtures, "bank-dgx.yaml")));
    const settings = settingsOf(yaml);
    expect(architecture).toBe("B");
    expect(Object.values(settings.model_providers).map((entry) => "internal" in entry && entry.internal)).toEqual([
      true,
      true,
    ]);
  });

  /** A state-owned company in China, wherever it runs. */
  const stateOwned = (infrastructure: Answers["place"]["infrastructure"]) =>
    company({
      place: { country: "cn", infrastructure, state_owned: true },
      security: {
        models: infrastructure === "dgx" || infrastructure === "private-region" ? "own" : "domestic",
        data_may_leave: infrastructure === "cloud" || infrastructure === "one-machine",
      },
    });

  test.each(["cloud", "private-region", "dgx", "one-machine"] as const)(
    "keeps foreign models out of what a state-owned company in China has on %s, later edits included",
    async (infrastructure) => {
      const { yaml, environment, file } = await assess(stateOwned(infrastructure));
      const { deployment, multi_tenant } = environmentOf(environment, file, yaml).settings;
      expect(deployment.state_owned).toBe(true);
      const model = multi_tenant.tenants[0]?.llm_config.model ?? "";
      const edited = yaml.replaceAll(`model: ${model}`, "model: meta/llama-3.3-70b-instruct");
      expect(() => environmentOf(environment, file, edited)).toThrow("[settings/foreign-model] ");
    },
  );

  test("says that a company is state-owned nowhere but under the law that it has a meaning in", async () => {
    const { yaml, reasons } = await assess(company({ place: { country: "kr", state_owned: true } }));
    expect(settingsOf(yaml).deployment.state_owned).toBe(false);
    expect(reasons.filter((reason) => reason.includes("state-owned"))).toEqual([]);
  });

  test.each([
    ["dgx", "tw", "own"],
    ["private-region", "cn", "own"],
    ["one-machine", "kr", "stand-in"],
  ] as const)(
    "says under which law %s stands, because no region of a cloud does",
    async (infrastructure, country, models) => {
      const { yaml } = await assess(company({ place: { country, infrastructure }, security: { models } }));
      expect(settingsOf(yaml).deployment.jurisdiction).toBe(country);
    },
  );

  test("leaves the law to a region that a cloud says it of", async () => {
    expect(settingsOf((await assess(company())).yaml).deployment.jurisdiction).toBeUndefined();
  });

  test("has room for as many departments as can be named", async () => {
    const departments = Array.from({ length: 20 }, (_, index) => `d${index}`);
    const { yaml } = await assess(company({ scale: { departments, agents: 40 } }));
    expect(settingsOf(yaml).multi_tenant.tenants).toHaveLength(20);
  });

  test("opens no address of the internet", async () => {
    const { yaml } = await assess(company());
    expect(settingsOf(yaml).network).toMatchObject({ exposure: "internal", allowed_cidrs: [] });
  });

  test("divides agents and budget among departments, without losing any", async () => {
    const { yaml } = await assess(company({ scale: { departments: ["a", "b", "c"] } }));
    const { tenants } = settingsOf(yaml).multi_tenant;
    expect(tenants.map(({ max_agents }) => max_agents)).toEqual([4, 3, 3]);
    expect(tenants.map(({ max_api_budget_monthly_usd }) => max_api_budget_monthly_usd)).toEqual([334, 333, 333]);
  });

  test("keeps the audit log for three years where changes of access rights are kept so long in Korea", async () => {
    const days = async (country: string, standards: Answers["security"]["standards"]) =>
      settingsOf((await assess(company({ place: { country }, security: { standards } }))).yaml).audit.retention_days;
    expect([await days("kr", []), await days("us", ["pipa"]), await days("us", ["gdpr"])]).toEqual([1096, 1096, 365]);
  });
});

test("shares add up to the whole and differ by one at most", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 50 }), (total, parts) => {
      const each = shares(total, parts);
      expect(each.reduce((sum, share) => sum + share, 0)).toBe(total);
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
    }),
  );
});

describe("a gap", () => {
  test("names what was asked for and is not built", () => {
    const asked = company({
      functions: {
        browser_automation: true,
        voice: true,
        sso: true,
        wechat_work: true,
        internal_systems: ["a.b.example"],
      },
      operations: { uptime_percent: 99.99, support: "24x7", rto_minutes: 5, rpo_minutes: 5 },
    });
    expect(gapsOf(asked).map(({ id }) => id)).toEqual([
      "functions/browser-automation",
      "functions/voice",
      "functions/sso",
      "functions/wechat-work",
      "functions/internal-systems",
      "security/sandbox-audit",
      "operations/uptime",
      "operations/rto",
      "operations/rpo",
      "operations/support",
      "place/not-verified",
    ]);
  });

  test("that rests on a setting goes when something enforces that setting", () => {
    const states = new Map(ledger().map(({ path, enforcer }) => [path, stateOf(enforcer)]));
    for (const { setting } of GAPS)
      if (setting !== undefined) expect([setting, states.get(setting)]).toEqual([setting, "not yet"]);
  });
});
