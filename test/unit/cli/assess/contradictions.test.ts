import { expect, test } from "vitest";
import type { Answers } from "../../../../cli/assess/answers.ts";
import { ASSESS_CODES } from "../../../../cli/assess/codes.ts";
import { contradictions } from "../../../../cli/assess/contradictions.ts";
import { company } from "./company.ts";

type Change = Parameters<typeof company>[0];

const oneMachine: Change = { place: { infrastructure: "one-machine" }, scale: { people: 5 } };

/** For each code answers that have it, and nothing else that would have it by accident. */
const PROVOKED: Readonly<Record<string, Change>> = {
  "assess/data-may-not-leave": { place: { infrastructure: "dgx" }, security: { data_may_leave: false, models: "any" } },
  "assess/cloud-may-not-hold": { security: { data_may_leave: false } },
  "assess/state-owned": { place: { country: "cn", state_owned: true } },
  "assess/leaves-china": { place: { country: "cn" } },
  "assess/no-domestic-models": { security: { models: "domestic" } },
  "assess/own-models-without-gpus": { security: { models: "own" } },
  "assess/gpus-without-models": { place: { infrastructure: "dgx" } },
  "assess/stand-in": { security: { models: "stand-in" } },
  "assess/mlps-outside-china": { security: { standards: ["mlps3"] } },
  "assess/no-region": { place: { country: "fr" } },
  "assess/cloud-outside-china": { place: { cloud: "tencent" } },
  "assess/cloud-not-asked": { place: { infrastructure: "dgx", cloud: "aws" } },
  "assess/departments-without-isolation": { scale: { tenant_isolation: false } },
  "assess/fewer-agents-than-departments": { scale: { agents: 1 } },
  "assess/too-few-agents": { scale: { agents: 3 }, functions: { agents_work_together: true } },
  "assess/no-budget": { scale: { monthly_model_usd: 1 } },
  "assess/system-outside": {
    security: { data_may_leave: false },
    functions: { internal_systems: ["crm.other.example"] },
  },
  "assess/one-machine-too-small": { ...oneMachine, scale: { people: 51 } },
  "assess/rto-single-server": { ...oneMachine, operations: { rto_minutes: 239 } },
  "assess/uptime-single-server": { ...oneMachine, operations: { uptime_percent: 99.9 } },
};

/** Codes of the reading, which answers that parse cannot have. */
const READING = ["unreadable", "unknown-key", "missing", "invalid", "repeated", "stopped", "unwritable"];

const codes = (answers: Answers) => contradictions(answers).map(({ code }) => code);

test("answers that go together are not refused", () => {
  expect(codes(company())).toEqual([]);
  expect(codes(company({ ...oneMachine }))).toEqual([]);
});

test.each(Object.entries(PROVOKED))("%s is refused", (code, change) => {
  expect(codes(company(change))).toContain(code);
});

test("every code of answers that do not go together has answers above that provoke it", () => {
  const expected = ASSESS_CODES.filter((code) => !READING.includes(code.slice("assess/".length)));
  expect(Object.keys(PROVOKED).sort()).toEqual([...expected].sort());
});

test("all contradictions are said at once", () => {
  const all = codes(company({ security: { data_may_leave: false, standards: ["mlps3"] } }));
  expect(all).toEqual(["assess/data-may-not-leave", "assess/cloud-may-not-hold", "assess/mlps-outside-china"]);
});
