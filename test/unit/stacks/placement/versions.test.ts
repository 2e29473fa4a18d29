import { expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { testOffer } from "../../../support/offers.ts";
import { placeWith } from "../../../support/places.ts";

const refusalFor = (version: string, offer = testOffer) =>
  problemsOf(placeWith({ sections: { kubernetes: { version } }, place: { offer } })).map(
    ({ code, expected, remedy }) => `${code}: ${expected}; ${remedy}`,
  );

test.each(["1.32", "1.33", "1.34"])("version %s, which the cloud supports, is taken", (version) => {
  expect(refusalFor(version)).toEqual([]);
});

test("a version that the cloud does not have yet is refused with the nearest that it has", () => {
  expect(refusalFor("1.36")).toEqual([
    'placement/kubernetes-version: a version that aws has in standard support, nearest 1.34; all: 1.32, 1.33, 1.34; write "1.34"',
  ]);
});

test("a version that the runtime cannot use is refused even where the cloud still has it", () => {
  const old = { ...testOffer, kubernetesVersions: ["1.29", "1.30"] };
  expect(refusalFor("1.29", old)).toEqual(['placement/kubernetes-version: 1.30 or later, nearest 1.30; write "1.30"']);
});

test("of two versions that are as near the newer is named, which is supported for longer", () => {
  expect(refusalFor("1.33", { ...testOffer, kubernetesVersions: ["1.32", "1.34"] })[0]).toContain("nearest 1.34");
});
