import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { renderPlanPage } from "../../cli/plan/html/render-html.ts";
import { judgedPlan } from "../../cli/plan/judged-plan.ts";
import { planOf } from "../../cli/plan/plan.ts";
import { usd } from "../../cost/currency.ts";
import { ensureBrowser, openBrowser } from "../../test/support/browser.ts";
import { projectRoot } from "../paths.ts";

const FILE = join(projectRoot, "docs", "pictures", "plan.png");
const SIZE = { width: 1120, height: 800 } as const;

/** Writes the picture of the README: what `breakwater plan acme-aws --format html` begins with. */
async function main(): Promise<void> {
  const environment = readEnvironmentFile("acme-aws");
  const day = new Date().toISOString().slice(0, 10);
  const plan = await judgedPlan(environment, await planOf(environment), { money: usd(environment.settings), day });
  await ensureBrowser();
  const { context, close } = await openBrowser();
  const page = await context.newPage();
  await page.setViewportSize(SIZE);
  await page.setContent(renderPlanPage(plan));
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, await page.screenshot());
  await close();
  console.log(`wrote ${FILE}`);
}

await main();
