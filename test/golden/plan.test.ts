import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentNames } from "../../cli/environment.ts";
import { projectRoot } from "../../tools/paths.ts";
import { type PlannedResource, recordPlan, sectionsOf } from "../support/plan.ts";

/**
 * Which resources each environment has: `type name parent`, one line each, sorted. Never their inputs, which other
 * tests assert field by field. A changed line is a resource that `up` will create, delete or replace, so it belongs
 * into the same commit as its reason: `npm run golden` writes the files anew.
 */
const FOLDER = join(projectRoot, "test", "golden");
const ENDING = ".plan.json";

const environments = environmentNames();
const updating = process.env["GOLDEN_UPDATE"] === "1";

const short = (type: string) => type.replace(/^(kubernetes|breakwater):/, "");

function lines(plan: readonly PlannedResource[]): readonly string[] {
  const parents = new Map(plan.map(({ urn, type, name }) => [urn, `${short(type)}/${name}`]));
  return plan.map(({ type, name, parent }) => `${short(type)} ${name} ${parents.get(parent) ?? "-"}`).sort();
}

test.each(environments)(
  "the environment %s has the resources that it had when its golden plan was accepted",
  async (environment) => {
    const file = join(FOLDER, `${environment}${ENDING}`);
    const found = lines(await recordPlan(sectionsOf(environment), { environment }));
    if (updating) writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
    const golden = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as unknown) : "no golden plan yet: npm run golden";
    expect(found).toEqual(golden);
  },
  60_000,
);

test("every golden plan is of an environment that there is", () => {
  const plans = readdirSync(FOLDER).filter((file) => file.endsWith(ENDING));
  const gone = plans.map((file) => file.slice(0, -ENDING.length)).filter((name) => !environments.includes(name));
  expect(gone).toEqual([]);
});
