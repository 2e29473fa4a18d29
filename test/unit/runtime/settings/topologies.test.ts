import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { ARCHITECTURES, TOPOLOGIES } from "../../../../runtime/settings/sections/deployment.ts";
import { PAIRS, pairOf, validTopologies } from "../../../../runtime/settings/topologies.ts";
import { localRaw, problemsOf, refusals } from "./sample.ts";

const pairs = ARCHITECTURES.flatMap((architecture) => TOPOLOGIES.map((topology) => [architecture, topology] as const));

function environment(deployment: object): unknown {
  const raw = localRaw();
  return { ...raw, deployment: { ...(raw["deployment"] as object), ...deployment } };
}

test("every pair of an architecture and a topology is decided once, with a reason", () => {
  expect(PAIRS).toHaveLength(pairs.length);
  for (const [architecture, topology] of pairs) {
    expect([architecture, topology, pairOf(architecture, topology)?.because]).toEqual([
      architecture,
      topology,
      expect.stringMatching(/^[a-z].{10,}[^.]$/),
    ]);
  }
});

test("what names no pair has none", () => {
  for (const [architecture, topology] of [
    ["C", "aws"],
    ["A", "mars"],
    [undefined, null],
    [{}, []],
  ]) {
    expect(pairOf(architecture, topology)).toBeUndefined();
  }
});

test("under A every topology is valid, under B those where nothing leaves", () => {
  expect(validTopologies("A")).toEqual(["aws", "alibaba", "tencent", "dgx", "local"]);
  expect(validTopologies("B")).toEqual(["dgx", "local"]);
});

describe("settings are refused for a pair exactly as the table says:", () => {
  test.each(pairs)("%s on %s", (architecture, topology) => {
    const valid = pairOf(architecture, topology)?.valid;
    const contradiction = "settings/contradiction deployment.topology";
    const of = (private_region: boolean) => {
      try {
        parseSettings(environment({ architecture, topology, private_region }));
        return [];
      } catch {
        return refusals(environment({ architecture, topology, private_region }));
      }
    };
    expect(of(false)).toEqual(valid === "always" ? [] : [contradiction]);
    expect(of(true)).toEqual(valid === "never" ? [contradiction] : []);
  });
});

test("the refusal says which topologies are valid, why, and what a private region changes", () => {
  expect(problemsOf(() => parseSettings(environment({ architecture: "B", topology: "alibaba" })))).toEqual([
    {
      code: "settings/contradiction",
      path: "deployment.topology",
      got: '"alibaba" with architecture "B"',
      expected: '"dgx" or "local", because under B no data leaves the company network',
      remedy: "choose one of those, or set deployment.private_region where the region is the company's own",
    },
  ]);
  const [never] = problemsOf(() => parseSettings(environment({ architecture: "B", topology: "aws" })));
  expect(never?.remedy).toBe("choose one of those, or the other architecture");
});
