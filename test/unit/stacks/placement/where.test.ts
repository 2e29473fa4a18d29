import { expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { editDistance, nearest } from "../../../../stacks/placement/nearest.ts";
import { placeWith, refusalsOf } from "../../../support/places.ts";

const at = (region: string, more: object = {}) => ({ sections: { deployment: { topology: "aws", region, ...more } } });

test("a region that the cloud does not have is refused with the nearest that it has", () => {
  expect(problemsOf(placeWith(at("eest-1")))).toEqual([
    {
      code: "placement/region",
      path: "deployment.region",
      got: "eest-1",
      expected: "a region of aws that Breakwater knows, nearest east-1; all: cn-1, east-1, east-2",
      remedy: "write east-1",
      source: "components/aws/offer.ts",
    },
  ]);
});

test("a region of another cloud is refused by the name of that cloud", () => {
  const [problem] = problemsOf(placeWith({ ...at("cn-hangzhou"), place: { regionOf: ["alibaba"] } }));
  expect(problem?.got).toBe("cn-hangzhou, a region of alibaba");
  expect(problem?.remedy).toBe("write cn-1, or topology alibaba");
});

test.each([
  ["us-gov-west-1", "aws-us-gov"],
  ["us-iso-east-1", "aws-iso"],
  ["us-isob-east-1", "aws-iso-b"],
  ["eusc-de-east-1", "aws-eusc"],
])("region %s of another partition is refused as such", (name, partition) => {
  const [problem] = problemsOf(placeWith(at(name)));
  expect([problem?.code, problem?.got]).toEqual([
    "placement/partition",
    `${name} of the partition ${partition}, another account system`,
  ]);
});

test("a zone of another region and a zone named twice are refused, each at its place", () => {
  const zones = (names: readonly string[]) => ({ sections: { network: { host: "agents.company.com", zones: names } } });
  expect(refusalsOf(zones(["east-1a", "east-2b", "east-1a"]))).toEqual([
    "placement/zone network.zones[1]",
    "placement/zone network.zones[2]",
  ]);
  expect(refusalsOf(zones(["east-1a", "east-1b", "east-1c"]))).toEqual([]);
});

test("private_region is refused where no region can be the company's own", () => {
  expect(refusalsOf(at("east-1", { private_region: true }))).toEqual([
    "placement/private-region deployment.private_region",
  ]);
});

test.each([
  ["", "abc", 3],
  ["kitten", "sitting", 3],
  ["ap-northeast-2", "ap-northeast-2", 0],
  ["ap-northeast2", "ap-northeast-2", 1],
])("from %j to %j it takes %i edits", (from, to, edits) => {
  expect(editDistance(from, to)).toBe(edits);
  expect(editDistance(to, from)).toBe(edits);
});

test("of two regions that are as near the first in the alphabet is named, so that the message never changes", () => {
  expect(nearest("x", ["c", "b"])).toBe("b");
  expect(nearest("x", [])).toBeUndefined();
});
