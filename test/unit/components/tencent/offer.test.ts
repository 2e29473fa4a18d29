import fc from "fast-check";
import { expect, test } from "vitest";
import { contains, overlap, parseCidr } from "../../../../components/cidr.ts";
import { LIMITS } from "../../../../components/tencent/names.ts";
import { podsOf, RELEASES, SERVICE_CIDR, tencentOffer, zonesOf } from "../../../../components/tencent/offer.ts";
import { DEMAND } from "./sample.ts";

test("every region lies in mainland China and has three different zones of its own", () => {
  for (const [name, { zones, jurisdiction }] of Object.entries(tencentOffer.regions)) {
    expect(new Set(zones).size).toBe(3);
    for (const zone of zones) expect(zone.startsWith(`${name}-`)).toBe(true);
    expect(jurisdiction).toBe("cn");
  }
});

test("machines without GPUs come smallest first, so that none larger than needed is chosen", () => {
  const sizes = tencentOffer.machines.filter(({ gpu }) => gpu === undefined).map(({ memoryGiB }) => memoryGiB);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});

test("every machine has addresses for the pods that a pool plans for", () => {
  for (const { podsMax } of tencentOffer.machines) expect(podsMax).toBeGreaterThanOrEqual(40);
  expect([podsOf(4), podsOf(8), podsOf(16)]).toEqual([57, 95, 203]);
});

test("every version on offer is one that TKE has: an even minor with a release", () => {
  for (const version of tencentOffer.kubernetesVersions) {
    expect(Number(version.split(".")[1]) % 2).toBe(0);
    expect(RELEASES[version]).toMatch(new RegExp(`^${version.replace(".", "\\.")}\\.\\d+$`));
  }
});

test("addresses of Services are outside of every network in 10.0.0.0/8, and inside the private ranges", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), (second) => {
      expect(overlap(parseCidr(SERVICE_CIDR), parseCidr(`10.${second}.0.0/16`))).toBe(false);
    }),
  );
  expect(contains(parseCidr("172.16.0.0/12"), parseCidr(SERVICE_CIDR))).toBe(true);
});

test("a region that is not on offer is refused with those that are", () => {
  expect(() => zonesOf({ ...DEMAND, region: "ap-singapore" })).toThrow(
    "[tencent/region] deployment.region: got ap-singapore; expected ap-guangzhou, ap-shanghai, ap-beijing, ap-nanjing; choose",
  );
});

test("every limit of a name says where it was read", () => {
  for (const { source, maxLength } of Object.values(LIMITS)) {
    expect(source.length).toBeGreaterThan(10);
    expect(maxLength).toBeGreaterThanOrEqual(20);
  }
});
