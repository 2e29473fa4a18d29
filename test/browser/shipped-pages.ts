import { vi } from "vitest";
import { documentOf } from "../../cli/compliance/document.ts";
import { judgePlan } from "../../cli/compliance/evaluate-plan.ts";
import { renderHtml } from "../../cli/compliance/render-html.ts";
import { reportOf as complianceOf } from "../../cli/compliance/report.ts";
import { LANGUAGES } from "../../cli/compliance/words/words.ts";
import { reportOf as costOf } from "../../cli/cost/report.ts";
import { readEnvironmentFile } from "../../cli/environment.ts";
import { renderPlanPage } from "../../cli/plan/html/render-html.ts";
import { htmlPaper } from "../../cli/whitepaper/html.ts";
import { paperOf } from "../../cli/whitepaper/paper.ts";
import { LANGUAGE_TAGS } from "../../cli/whitepaper/texts/index.ts";
import { moneyOf } from "../../cost/currency.ts";

/** One page that the command writes. */
export interface ShippedPage {
  readonly name: string;
  readonly lang: string;
  readonly text: string;
}

const DAY = "2026-12-01";

/** Every page of one shipped environment, in every language that it has. Plans are made one after another. */
export async function shippedPages(name: string): Promise<readonly ShippedPage[]> {
  // The program is a module that runs when it is loaded.
  vi.resetModules();
  const { planOf } = await import("../../cli/plan/plan.ts");
  const environment = readEnvironmentFile(name);
  const plan = await planOf(environment);
  const { resources } = plan;
  const judged = await judgePlan(environment, resources, DAY);
  const { settings } = environment;
  const cost = costOf(environment, resources, { money: moneyOf("USD", []), day: DAY, budgetMicroUsd: 1_000_000 });
  // Without its exceptions a plan has violations, which a page has to show as well.
  const bare = { ...environment, settings: { ...settings, policies: { ...settings.policies, exceptions: [] } } };
  const { verdict: violated } = await judgePlan(bare, resources, DAY);
  const framework = name.includes("cn") || name.includes("alibaba") ? "mlps3" : "iso27001";
  const report = complianceOf({ ...judged, settings, resources: resources.length, framework, day: DAY });
  const paper = paperOf(plan);
  return [
    { name: `${name} plan`, lang: "en", text: renderPlanPage({ ...plan, policy: judged.verdict, cost }) },
    { name: `${name} plan, violated`, lang: "en", text: renderPlanPage({ ...plan, policy: violated, cost }) },
    ...LANGUAGES.flatMap((language) => [
      {
        name: `${name} compliance, ${language}`,
        lang: LANGUAGE_TAGS[language],
        text: renderHtml(documentOf(report, language)),
      },
      { name: `${name} white paper, ${language}`, lang: LANGUAGE_TAGS[language], text: htmlPaper(paper, language) },
    ]),
  ];
}
