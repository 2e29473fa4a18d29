import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVELS, type Level } from "../../../../policies/pod-security/control.ts";
import { CONTROLS } from "../../../../policies/pod-security/controls/index.ts";
import { controlsInForce, judgePod } from "../../../../policies/pod-security/judge.ts";
import { readPod } from "../../../../policies/pod-security/pod.ts";
import { NEWEST_MINOR } from "../../../../policies/pod-security/versions.ts";
import { generatedPods } from "../../../fixtures/check/pods.ts";

/** From this version on, until the next entry: the checks that forbid the pod. */
type Decision = readonly [level: Level, minor: number, checks: readonly string[]];

/** Written by test/fixtures/check/oracle, which asks k8s.io/pod-security-admission v0.37.2. */
const recorded = readFileSync(join("test", "fixtures", "check", "decisions.ndjson"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { readonly pod: unknown; readonly decisions: readonly Decision[] });

const minors = Array.from({ length: NEWEST_MINOR + 1 }, (_, minor) => minor);
const against = (pod: unknown, level: Level, minor: number) =>
  [...new Set(judgePod(readPod(pod), { level, minor }).map(({ control }) => control.id))].sort();

test.each(LEVELS)("every pod is judged as Kubernetes' own code judges it at %s, in every version", (level) => {
  for (const { pod, decisions } of recorded) {
    for (const minor of minors) {
      const decided = decisions.findLast(([of, since]) => of === level && since <= minor);
      expect(against(pod, level, minor), `v1.${minor} ${JSON.stringify(pod)}`).toEqual(decided?.[2]);
    }
  }
});

test("the recorded pods violate every control, and some violate none", () => {
  const reached = recorded.flatMap(({ decisions }) => decisions.flatMap(([, , checks]) => checks));
  expect([...new Set(reached)].sort()).toEqual(CONTROLS.map(({ id }) => id).sort());
  expect(recorded.filter(({ decisions }) => decisions.every(([, , checks]) => checks.length === 0))).not.toEqual([]);
});

test("what restricted allows, baseline allows", () => {
  fc.assert(
    fc.property(generatedPods({ creatable: false }), fc.constantFrom(...minors), (pod, minor) => {
      if (against(pod, "restricted", minor).length === 0) expect(against(pod, "baseline", minor)).toEqual([]);
    }),
  );
});

test("a control that takes the place of another one takes that of a baseline control", () => {
  for (const { replaces } of CONTROLS) {
    if (replaces === undefined) continue;
    expect(CONTROLS.find(({ id }) => id === replaces)?.level).toBe("baseline");
  }
});

test.each([
  [0, 11, 12],
  [7, 11, 12],
  [8, 11, 13],
  [19, 11, 13],
  [22, 11, 13],
  [23, 11, 14],
  [34, 12, 15],
  [37, 12, 15],
])("v1.%i has %i controls at baseline and %i at restricted", (minor, baseline, restricted) => {
  expect(controlsInForce({ level: "baseline", minor }).length).toBe(baseline);
  expect(controlsInForce({ level: "restricted", minor }).length).toBe(restricted);
});
