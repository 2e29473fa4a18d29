import { describe, expect, test } from "vitest";
import { environmentsBeside } from "../../../../stacks/placement/environments.ts";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { placeWith } from "../../../support/places.ts";

describe("an environment's name that no cloud takes is refused with the nearest that it does:", () => {
  test.each([
    ["Acme_AWS", "acme-aws"],
    ["9lives", "e9lives"],
    ["acme-", "acme"],
    [`${"a".repeat(39)}-b`, "a".repeat(39)],
  ])("%s -> %s", (name, valid) => {
    expect(problemsOf(placeWith({ name, place: { environments: [] } }))).toMatchObject([
      { code: "placement/environment-name", remedy: `rename the file to stacks/Pulumi.${valid}.yaml` },
    ]);
  });
});

test("two environments whose names are one to a cloud are refused, whichever is planned", () => {
  const environments = ["acme-aws", "acme_aws"];
  const codes = (name: string) => problemsOf(placeWith({ name, place: { environments } })).map(({ code }) => code);
  expect(codes("acme-aws")).toEqual(["placement/environment-clash"]);
  expect(codes("acme_aws")).toEqual(["placement/environment-clash", "placement/environment-name"]);
});

test("two environments that are the same once their names are cut are refused", () => {
  const long = "a".repeat(40);
  const [problem] = problemsOf(placeWith({ name: `${long}b`, place: { environments: [`${long}c`] } }));
  expect(problem?.code).toBe("placement/environment-clash");
});

test("the environments of this checkout do not clash", () => {
  const environments = environmentsBeside();
  expect(environments).toContain("local");
  for (const name of environments.filter((other) => other !== "local")) {
    expect([name, problemsOf(placeWith({ name, place: { environments } }))]).toEqual([name, []]);
  }
});
