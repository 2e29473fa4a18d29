import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Answers } from "../../../../cli/assess/answers.ts";
import { assess } from "../../../../cli/assess/assess.ts";
import { type Outlook, outlookOf } from "../../../../cli/assess/outlook.ts";
import { readAnswersFile } from "../../../../cli/assess/read.ts";
import { renderAssessment } from "../../../../cli/assess/render.ts";
import { environmentOf } from "../../../../cli/environment.ts";
import { company } from "./company.ts";

const DAY = "2026-11-30";
const fixtures = join("test", "fixtures", "assess");

async function outlook(answers: Answers): Promise<Outlook> {
  const { environment, file, yaml } = await assess(answers);
  return outlookOf(environmentOf(environment, file, yaml), answers, DAY);
}

const given: readonly (readonly [string, Answers])[] = [
  ...readdirSync(fixtures).map((file) => [file, readAnswersFile(join(fixtures, file))] as const),
  ["Seoul on AWS", company()],
  ["Frankfurt on AWS", company({ place: { country: "de" } })],
  ["Alibaba Cloud", company({ place: { country: "cn" }, security: { models: "domestic" } })],
  ["Tencent Cloud", company({ place: { country: "cn", cloud: "tencent" }, security: { models: "domestic" } })],
  [
    "a state-owned company on AWS China",
    company({ place: { country: "cn", cloud: "aws", state_owned: true }, security: { models: "domestic" } }),
  ],
  [
    "a private region",
    company({ place: { country: "cn", infrastructure: "private-region" }, security: { models: "own" } }),
  ],
  [
    "a DGX in Taiwan",
    company({ place: { country: "tw", infrastructure: "dgx" }, security: { models: "own", data_may_leave: false } }),
  ],
  [
    "a state-owned company on a DGX in China",
    company({
      place: { country: "cn", infrastructure: "dgx", state_owned: true },
      security: { models: "own", data_may_leave: false },
    }),
  ],
  ["one machine", company({ place: { infrastructure: "one-machine" } })],
  [
    "one machine in China",
    company({ place: { country: "cn", infrastructure: "one-machine" }, security: { models: "domestic" } }),
  ],
];

describe("the environment made for", () => {
  test.each(given)(
    "%s plans cleanly: it breaks no rule but those that it names, and costs something or says what has no price",
    async (_, answers) => {
      const { policy, cost, resources } = await outlook(answers);
      expect([policy.passes, policy.mandatory, policy.problems]).toEqual([true, [], []]);
      const { total, unpriced } = cost.estimate;
      expect(total.expected > 0 || unpriced.length > 0).toBe(true);
      expect(resources).toBeGreaterThan(20);
    },
  );
});

test("every standard that is asked for is answered, and what it leaves open names its controls", async () => {
  const { standards } = await outlook(company({ security: { standards: ["iso27001", "pipa"] } }));
  expect(standards.map(({ standard }) => standard)).toEqual(["iso27001", "pipa"]);
  for (const { counts, open } of standards) {
    for (const { verdict, controls } of open) expect([verdict, controls.length]).toEqual([verdict, counts[verdict]]);
  }
  expect(standards[0]?.open.find(({ verdict }) => verdict === "not covered")?.controls).toContain("A.6.1");
});

test("the same answers on the same day give the same words, with cost, tenants and open controls", async () => {
  const answers = company({ security: { standards: ["soc2"] } });
  const assessment = await assess(answers);
  const [first, second] = [await outlook(answers), await outlook(answers)];
  const text = renderAssessment(assessment, first, "elsewhere.yaml");
  expect(renderAssessment(assessment, second, "elsewhere.yaml")).toBe(text);
  expect(text).toMatch(/Cost by prices of 2026-11-30, \d+ resources: [\d,.]+ USD a month/);
  expect(text).toMatch(/ USD of it for marketing\n/);
  expect(text).toMatch(/soc2: \d+ controls met by the plan/);
  expect(text).toContain("  - your own procedure: ");
});
