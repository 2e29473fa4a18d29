import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../tools/paths.ts";
import { localSections, type PlannedResource, recordPlan } from "../support/plan.ts";

/**
 * Which resources the environment local has: `type name parent`, one line each, sorted. Never their inputs, which other
 * tests assert field by field. A changed line is a resource that `up` will create, delete or replace, so it belongs
 * into the same commit as its reason: `npm run golden` writes the file anew.
 */
const FILE = join(projectRoot, "test", "golden", "local.plan.json");

const short = (type: string) => type.replace(/^(kubernetes|breakwater):/, "");

function lines(plan: readonly PlannedResource[]): readonly string[] {
  const parents = new Map(plan.map(({ urn, type, name }) => [urn, `${short(type)}/${name}`]));
  return plan.map(({ type, name, parent }) => `${short(type)} ${name} ${parents.get(parent) ?? "-"}`).sort();
}

test("the environment local has the resources that it had when the golden plan was accepted", async () => {
  const found = lines(await recordPlan(localSections()));
  if (process.env["GOLDEN_UPDATE"] === "1") writeFileSync(FILE, `${JSON.stringify(found, null, 1)}\n`);
  const golden = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as unknown) : "no golden plan yet: npm run golden";
  expect(found).toEqual(golden);
});
