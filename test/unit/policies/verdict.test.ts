import { parseSettings } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { evaluate } from "../../../policies/evaluate.ts";
import { type PolicySettings, refusals, verdictOf } from "../../../policies/verdict.ts";
import { FACTS, planned } from "../../support/judge.ts";
import { pod, withContext } from "../../support/judged-pods.ts";
import { localWith, refusals as settingsRefusals } from "../runtime/settings/sample.ts";

const TODAY = "2026-11-30";
const privileged = pod(withContext({ privileged: true }));
const NONE: PolicySettings = { enforcement: { default: "mandatory", rules: {} }, exceptions: [] };

function verdict(policies: Partial<PolicySettings>, resources = [privileged], today = TODAY) {
  const all = { ...NONE, ...policies };
  return verdictOf(evaluate(resources, { facts: FACTS, exceptions: all.exceptions, today }), all, today);
}

/** Findings under one rule of the catalogue. */
const under = (rule: string, rows: readonly { readonly rule: { readonly id: string } }[]): boolean =>
  rows.some((row) => row.rule.id === rule);

const exception = { rule: "K8S-004", owner: "ops", reason: "the node agent needs it", expires: TODAY };

test("a rule that is broken stops the deployment unless the environment says otherwise", () => {
  const { passes, mandatory } = verdict({});
  expect([passes, under("K8S-004", mandatory)]).toEqual([false, true]);
});

test("an advisory rule is said and stops nothing, and the others stay as they are", () => {
  const { mandatory, advisory } = verdict({
    enforcement: { default: "mandatory", rules: { "K8S-004": "advisory" } },
  });
  expect([under("K8S-004", mandatory), under("K8S-004", advisory), mandatory.length > 0]).toEqual([false, true, true]);
});

test("an environment that is advisory as a whole still refuses what it names as mandatory", () => {
  const { mandatory, passes } = verdict({
    enforcement: { default: "advisory", rules: { "K8S-004": "mandatory" } },
  });
  expect([mandatory.map(({ rule }) => rule.id), passes]).toEqual([["K8S-004"], false]);
});

test("an exception covers its violation through its last day, shows who answers, and counts as used", () => {
  const { excepted, mandatory, unused } = verdict({ exceptions: [exception] });
  expect(excepted.find(({ rule }) => rule.id === "K8S-004")?.findings[0]?.exception).toEqual(exception);
  expect([under("K8S-004", mandatory), unused]).toEqual([false, []]);
});

test("an exception that is over is an error of its own, and its violation counts again beside all others", () => {
  const after = verdict({ exceptions: [exception] }, [privileged], "2026-12-01");
  expect(after.problems).toMatchObject([
    {
      code: "policies/expired-exception",
      path: "policies.exceptions[0].expires",
      got: "2026-11-30, and today is 2026-12-01",
    },
  ]);
  expect([under("K8S-004", after.mandatory), after.unused]).toEqual([true, []]);
});

test("an environment with an exception that is over does not pass, even where nothing is broken", () => {
  const { mandatory, passes } = verdict(
    { enforcement: { default: "advisory", rules: {} }, exceptions: [exception] },
    [],
    "2026-12-01",
  );
  expect([mandatory, passes]).toEqual([[], false]);
});

test("exceptions and levels of rules that no plan decides are refused, each at its place", () => {
  const { problems } = verdict({
    enforcement: { default: "mandatory", rules: { "XYZ-001": "advisory" } },
    exceptions: [
      { ...exception, rule: "NET-999" },
      { ...exception, rule: "LLM-001" },
    ],
  });
  expect(problems.map(({ code, path, got }) => [code, path, got])).toEqual([
    ["policies/unknown-rule", "policies.enforcement.rules.XYZ-001", "XYZ-001"],
    ["policies/unknown-rule", "policies.exceptions[0].rule", "NET-999"],
    ["policies/unknown-rule", "policies.exceptions[1].rule", "LLM-001, which no plan decides"],
  ]);
});

test("an exception that covers nothing is named", () => {
  const idle = { ...exception, resource: "::elsewhere" };
  expect(verdict({ exceptions: [idle] }).unused).toEqual([idle]);
});

test("a rule that is violated in one place and waits in another is in both lists", () => {
  const waiting = planned(
    "kubernetes:core/v1:Pod",
    { spec: { containers: [{ name: "a", image: { __pulumiUnknown: true } }] } },
    "waiting",
  );
  const tagged = planned("kubernetes:core/v1:Pod", { spec: { containers: [{ name: "b", image: "b:1" }] } }, "tagged");
  const { mandatory, undecided } = verdict({}, [waiting, tagged]);
  expect([under("SUP-001", mandatory), under("SUP-001", undecided)]).toEqual([true, true]);
});

test("a refusal names rule, resource, problem and remedy", () => {
  expect(refusals(verdict({}))).toContainEqual({
    code: "policies/violation",
    path: "K8S-004 Pod it",
    got: "container cell: privileged is true",
    expected: "No privileged containers outside the node-agent allow list",
    remedy: expect.stringMatching(/\w/),
  });
});

test.each([
  ["without an owner", { owner: undefined }, "settings/missing policies.exceptions[0].owner"],
  ["with an empty owner", { owner: "" }, "settings/out-of-range policies.exceptions[0].owner"],
  ["without a day", { expires: undefined }, "settings/missing policies.exceptions[0].expires"],
  ["until no day of the calendar", { expires: "2027-02-30" }, "settings/invalid-format policies.exceptions[0].expires"],
  ["without a reason", { reason: "because" }, "settings/out-of-range policies.exceptions[0].reason"],
  ["from no rule", { rule: "everything" }, "settings/invalid-format policies.exceptions[0].rule"],
])("an exception %s is refused at its place", (_, change, refusal) => {
  const entry = Object.fromEntries(
    Object.entries({ ...exception, ...change }).filter(([, value]) => value !== undefined),
  );
  expect(settingsRefusals(localWith("policies.exceptions", [entry]))).toEqual([refusal]);
});

test("no rule can be switched off", () => {
  const off = localWith("policies.enforcement", { rules: { "K8S-004": "disabled" } });
  expect(settingsRefusals(off)).toEqual(["settings/invalid-value policies.enforcement.rules.K8S-004"]);
  expect(parseSettings(localWith("policies", {})).settings.policies).toEqual(NONE);
});
