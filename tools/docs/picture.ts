import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { judgePlan } from "../../cli/compliance/evaluate-plan.ts";
import { reportOf } from "../../cli/cost/report.ts";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { renderPlanPage } from "../../cli/plan/html/render-html.ts";
import { planOf } from "../../cli/plan/plan.ts";
import { moneyOf } from "../../cost/currency.ts";
import { ensureBrowser, openBrowser } from "../../test/support/browser.ts";
import { projectRoot } from "../paths.ts";

const FILE = join(projectRoot, "docs", "pictures", "plan.png");
const SIZE = { width: 1120, height: 800 } as const;

/** Writes the picture of the README: what `breakwater plan acme-aws --format html` begins with. */
async function main(): Promise<void> {
  const environment = readEnvironmentFile("acme-aws");
  const plan = await planOf(environment);
  const day = new Date().toISOString().slice(0, 10);
  const { results } = await judgePlan(environment, plan.resources, day);
  const cost = reportOf(environment, plan.resources, { money: moneyOf("USD", []), day });
  await ensureBrowser();
  const { context, close } = await openBrowser();
  const page = await context.newPage();
  await page.setViewportSize(SIZE);
  await page.setContent(renderPlanPage(plan, { policy: { results, day }, cost }));
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, await page.screenshot());
  await close();
  console.log(`wrote ${FILE}`);
}

await main();
