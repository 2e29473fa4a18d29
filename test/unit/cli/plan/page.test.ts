import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { type CostReport, reportOf } from "../../../../cli/cost/report.ts";
import { costSection, costTile } from "../../../../cli/plan/html/cost-part.ts";
import { policySection, policyTile } from "../../../../cli/plan/html/policy-part.ts";
import { renderPlanPage } from "../../../../cli/plan/html/render-html.ts";
import { moneyOf } from "../../../../cost/currency.ts";
import { evaluate } from "../../../../policies/evaluate.ts";
import type { PlanRule } from "../../../../policies/rule.ts";
import { type PolicySettings, type Verdict, verdictOf } from "../../../../policies/verdict.ts";
import { FACTS, planned as resource } from "../../../support/judge.ts";
import { sectionsOf } from "../../../support/plan.ts";
import { planned, settingsOf } from "../../cost/fixture.ts";
import { shippedPlan } from "../whitepaper/shipped.ts";

const DAY = "2026-11-24";

const rule = (id: string): PlanRule => ({
  id,
  on: {
    "test:index:Thing": function* ({ bad }) {
      if (bad === true) yield "it is bad";
    },
  },
});

const REASON = "until <b>the move</b> is over";
const exception = { rule: "NET-015", owner: "ops@acme.example", reason: REASON, expires: "2026-12-31" };

/** NET-004 violated, NET-015 borne twice; or of these only some. */
function verdict(ids = ["NET-004", "NET-015", "NET-001"]): Verdict {
  const bad = ["one", "two"].map((name) => resource("test:index:Thing", { bad: true }, name));
  const rules = [rule("NET-004"), rule("NET-015"), { ...rule("NET-001"), on: { "test:index:Thing": () => [] } }];
  const results = evaluate(bad, { facts: FACTS, rules, exceptions: [exception], today: DAY });
  const policies: PolicySettings = { enforcement: { default: "mandatory", rules: {} }, exceptions: [exception] };
  return verdictOf(
    results.filter((result) => ids.includes(result.rule.id)),
    policies,
    DAY,
  );
}

/** What two resources cost, one of them without a price, which is allowed. */
function cost(budgetMicroUsd: number): CostReport {
  const resources = [planned("aws:kms/key:Key", {}, { name: "a" }), planned("aws:ec2/eip:Eip", {}, { name: "b" })];
  const aws = settingsOf("acme-aws");
  const environment = { name: "acme-aws", settings: { ...aws, cost: { ...aws.cost, allow_unpriced: true } } };
  return reportOf(environment, resources, { day: DAY, money: moneyOf("USD", []), budgetMicroUsd });
}

describe("the policies' part", () => {
  test("leads with what is violated, and is green only where nothing is borne either", () => {
    expect(policyTile(verdict())).toMatchObject({ figure: "1 violated", tone: "bad" });
    expect(policyTile(verdict(["NET-015", "NET-001"]))).toMatchObject({ figure: "0 violated", tone: "open" });
    expect(policyTile(verdict(["NET-001"]))).toMatchObject({ figure: "0 violated", tone: "good" });
  });

  test("has every violation with its resource, problem and remedy", () => {
    const text = String(policySection(verdict(), DAY));
    expect(text).toContain("<h4>NET-004 ");
    for (const name of ["one", "two"]) expect(text).toContain(`<li>Thing ${name}: it is bad</li>`);
    expect(text).toMatch(/<b>Remedy:<\/b> \S/);
  });

  test("has every accepted exception once, with owner, reason, last day and how much it covers", () => {
    const text = String(policySection(verdict(), DAY));
    const [row, ...others] = [...text.matchAll(/<tr><th scope="row">NET-015.*?<\/tr>/gs)].map(([found]) => found);
    expect(others).toEqual([]);
    for (const said of ["ops@acme.example", "until &lt;b&gt;the move&lt;/b&gt; is over", "2026-12-31", ">2</td>"]) {
      expect(row).toContain(said);
    }
  });
});

describe("the cost part", () => {
  test("leads with the expected month, its bounds, and how many lines have no price", () => {
    const report = cost(1);
    const { figure, says, tone } = costTile(report);
    expect(figure).toMatch(/^[\d,.]+ USD$/);
    expect(says).toContain(`; over the budget; ${report.estimate.unpriced.length} lines have no price`);
    expect(tone).toBe("bad");
  });

  test("is never green where a price is missing, even within the budget", () => {
    expect(costTile(cost(1e12))).toMatchObject({ tone: "open" });
  });

  test("has the total, every category, what has no price, and every tenant", () => {
    const report = cost(1e12);
    const text = String(costSection(report));
    for (const category of Object.keys(report.estimate.byCategory)) {
      expect(text).toContain(`<th scope="row">${category}<svg`);
    }
    expect(text).toContain("public IPv4 addresses");
    for (const { id } of report.estimate.tenants) expect(text).toContain(`<th scope="row">${id}</th>`);
    expect(text).toContain("1,000,000.00 USD: within, as far as there are prices");
  });
});

describe("the page", () => {
  test("has every resource of the plan once, what the policies say, what it costs, and what stands against it", async () => {
    const plan = await pagePlan();
    const page = renderPlanPage(plan);
    const custom = plan.resources.filter((one) => one.custom).length;
    const [, tree = ""] = page.split('<section id="resources">');
    expect(tree.match(/<li><span class="soft">/g)).toHaveLength(custom);
    const parents = new Set(plan.resources.map(({ parent }) => parent));
    const filled = plan.resources.filter((one) => !one.custom && parents.has(one.urn));
    expect(tree.match(/<details>/g)).toHaveLength(filled.length);
    for (const id of ["policy", "cost", "resources", "warnings"]) expect(page).toContain(`<section id="${id}">`);
    expect(page).toContain("It would not be deployed: 3 problems stand against it.");
  });

  test("no text of the plan can become markup", async () => {
    const evil = '<img src=x onerror="alert(1)">';
    const plan = await pagePlan();
    const correction = { path: evil, got: evil, became: evil, reason: evil };
    const resources = plan.resources.map((one) => ({ ...one, name: evil, inputs: { metadata: { name: evil } } }));
    const text = renderPlanPage({
      ...plan,
      ...{ environment: evil, resources, warnings: [evil], corrections: [correction] },
      gaps: [{ id: "cloud/trail", says: evil, because: evil }],
    });
    expect(text).not.toContain("<img");
    expect(text).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  });
});

/** The plan of the shipped environment with a summary, as far as a page reads it. */
async function pagePlan() {
  const plan = await shippedPlan("local");
  const { settings } = parseSettings(sectionsOf("local"));
  const { multi_tenant: tenancy } = settings;
  return {
    ...plan,
    policy: verdict(),
    cost: cost(1),
    warnings: ["look out"],
    summary: {
      region: "local",
      jurisdiction: undefined,
      people: 5,
      tenants: tenancy.tenants.length,
      kubernetes: undefined,
      pools: [],
      sandboxes: "gvisor",
      database: { vcpus: 2, memoryGiB: 4, storageGiB: 5, standby: false, backupDays: 35 },
      entry: { exposure: "internal", host: undefined, port: 18_789 },
      vault: undefined,
      providers: [],
      served: [],
    },
  };
}
