import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHART_IMAGES } from "../../../../components/monitoring/images.ts";
import { OWN_METRICS } from "../../../../components/monitoring/measured.ts";
import { ruleGroups } from "../../../../components/monitoring/rules/index.ts";
import { MEASURES } from "../../../../components/monitoring/rules/measures.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { full } from "./fixture.ts";

const page = readFileSync(join(projectRoot, "docs", "monitoring.md"), "utf8");
/** Lists indent their code. */
const flat = page.replaceAll(/\n +/g, "\n");

test.each(ruleGroups(full).flatMap(({ rules }) => rules))("the page shows the rule $alert$record as it is", (rule) => {
  expect(flat).toContain(`\`\`\`promql\n${rule.expr.replaceAll(/\n +/g, "\n")}\n\`\`\``);
  if (!("alert" in rule)) return;
  const holds = rule.for === undefined ? "" : `, for ${rule.for}`;
  expect(page).toContain(`- \`${rule.alert}\` (${rule.labels["severity"]}${holds}): `);
});

test("the page knows every word of conditions and every metric of our own", () => {
  for (const word of [...Object.keys(MEASURES), ...OWN_METRICS]) expect(page).toContain(`| \`${word}\` |`);
});

test("the page names the registries that a mirror has to stand in for", () => {
  for (const { upstream } of Object.values(CHART_IMAGES)) expect(page).toContain(upstream);
});
