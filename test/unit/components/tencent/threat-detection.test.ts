import { expect, test } from "vitest";
import { licensesOf, ThreatDetection } from "../../../../components/tencent/threat-detection.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, DEMAND } from "./sample.ts";

const threats = (change = {}) => record(() => new ThreatDetection("threats", contextFor(change)));

test("host security is paid by use, for as many nodes as there can be", async () => {
  expect(at(await threats(), "CwpLicenseOrder", "threats")).toMatchObject({
    licenseType: 0,
    licenseNum: 16,
  });
  expect(licensesOf(DEMAND.pools)).toBe(6 + 4 + 4 + 2);
});

test("machines get a license as they appear, and none is bought beyond those", async () => {
  expect(at(await threats(), "CwpAutoOpenProversionConfig", "threats")).toMatchObject({
    status: "OPEN",
    protectType: "PROVERSION_POSTPAY",
    autoRepurchaseSwitch: 0,
  });
});

test("an account that has host security gets no order", async () => {
  const types = (await threats({ accountHas: ["threat-detection"] })).map(({ type }) => type);
  expect(types.filter((type) => type.includes("cwp"))).toEqual([]);
});
