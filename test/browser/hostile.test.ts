import { afterAll, beforeAll, expect, test } from "vitest";
import { documentOf } from "../../cli/compliance/document.ts";
import { renderHtml } from "../../cli/compliance/render-html.ts";
import { reportOf } from "../../cli/compliance/report.ts";
import { reportOf as costOf } from "../../cli/cost/report.ts";
import { renderPlanPage } from "../../cli/plan/html/render-html.ts";
import type { PlannedResource } from "../../cli/plan/recorder.ts";
import { htmlPaper } from "../../cli/whitepaper/html.ts";
import { paperOf } from "../../cli/whitepaper/paper.ts";
import { moneyOf } from "../../cost/currency.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { type PolicySettings, verdictOf } from "../../policies/verdict.ts";
import { openBrowser } from "../support/browser.ts";
import { FACTS } from "../support/judge.ts";
import { planned, settingsOf } from "../unit/cost/fixture.ts";

const DAY = "2026-11-24";

/** Texts that would do something if a browser took them for markup. */
const EVIL = [
  '<img src=x onerror="window.harmed=1">',
  '"><script>window.harmed=1</script>',
  "' onmouseover='window.harmed=1' x='",
  "</title><svg onload=window.harmed=1>",
  "</style><style>body{display:none}",
  "<!--",
  "javascript:window.harmed=1",
] as const;

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Every page with that text wherever a name, a reason or a problem of somebody else's stands. */
function pagesWith(evil: string): Readonly<Record<string, string>> {
  const settings = settingsOf("acme-aws");
  const facts = { ...FACTS, environment: evil, region: evil };
  const resource: PlannedResource = {
    ...{ urn: `urn:pulumi:s::p::test:index:Thing::${evil}`, type: "test:index:Thing", name: evil, parent: "" },
    ...{ custom: true, inputs: { metadata: { name: evil, namespace: evil } }, dependencies: [], protected: false },
  };
  const rule = (id: string) => ({ id, on: { "test:index:Thing": () => [`it is ${evil}`] } });
  const exception = { rule: "NET-015", owner: evil, reason: `for ${evil} only`, expires: "2026-12-31" };
  const results = evaluate([resource], {
    facts,
    rules: [rule("NET-004"), rule("NET-015")],
    exceptions: [exception],
    today: DAY,
  });
  const idle = { ...exception, resource: `not ${evil}`, rule: "NET-001" };
  const over = { ...exception, expires: "2020-01-01" };
  const policies: PolicySettings = {
    enforcement: { default: "mandatory", rules: { [evil]: "advisory" } },
    exceptions: [exception, idle, over],
  };
  const environment = { name: evil, settings };
  const cost = costOf(environment, [planned("aws:kms/key:Key", {}, { name: evil })], {
    day: DAY,
    money: moneyOf("USD", []),
  });
  const plan: Parameters<typeof renderPlanPage>[0] = {
    ...{ environment: evil, architecture: "A", topology: "aws", resources: [resource], warnings: [evil] },
    ...{ policy: verdictOf(results, policies, DAY), cost },
    corrections: [{ path: evil, got: evil, became: evil, reason: evil }],
    gaps: [{ id: "cloud/trail", says: evil, because: evil }],
    summary: {
      ...{ region: evil, jurisdiction: evil, people: 5, tenants: 1, kubernetes: evil, pools: [], sandboxes: evil },
      database: { vcpus: 1, memoryGiB: 1, storageGiB: 1, standby: false, backupDays: 1 },
      entry: { exposure: "public", host: evil, port: 1 },
      vault: undefined,
      providers: [{ name: evil, kind: "openai", host: evil, internal: false }],
      served: [],
    },
  };
  const report = reportOf({ facts, settings, results, resources: 1, framework: "iso27001", day: DAY });
  return {
    plan: renderPlanPage(plan),
    compliance: renderHtml(documentOf(report, "en")),
    "white paper": htmlPaper(paperOf(plan), "en"),
  };
}

test.each(EVIL)("%s stays a text wherever it stands, with and without the page's policy", async (evil) => {
  for (const [name, text] of Object.entries(pagesWith(evil))) {
    const bare = text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    for (const source of [text, bare]) {
      const page = await browser.context.newPage();
      await page.setContent(source);
      const seen = await page.evaluate<unknown>(`({
        harmed: window.harmed === 1,
        hidden: getComputedStyle(document.body).display,
        strange: document.querySelectorAll("img,script,iframe,object,[onerror],[onload],[onmouseover],a:not([href^='#'])").length,
        styles: document.querySelectorAll("style").length,
        title: document.title.includes(${JSON.stringify(evil)}) && document.querySelector("h1").textContent.includes(${JSON.stringify(evil)}),
      })`);
      expect([name, seen]).toEqual([name, { harmed: false, hidden: "block", strange: 0, styles: 1, title: true }]);
      await page.close();
    }
  }
});
