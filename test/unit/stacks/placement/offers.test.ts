import { expect, test } from "vitest";
import { TOPOLOGIES } from "../../../../runtime/settings/index.ts";
import { demandOf } from "../../../../stacks/demand.ts";
import { gpuMisfits } from "../../../../stacks/placement/gpu-sizing.ts";
import { placeOf } from "../../../../stacks/placement/index.ts";
import { machineOf, machines } from "../../../../stacks/placement/machines.ts";
import { offerOf, topologiesWithRegion } from "../../../../stacks/placement/offers.ts";
import { quotaNeeds } from "../../../../stacks/placement/quotas.ts";
import { cloudSettings, placeWith } from "../../../support/places.ts";

const clouds = ["aws", "alibaba", "tencent"] as const;
const offers = await Promise.all(clouds.map(async (cloud) => [cloud, await offerOf(cloud)] as const));

test("one machine sells nothing, and every other topology says what it has", async () => {
  const selling = await Promise.all(
    TOPOLOGIES.map(async (topology) => ((await offerOf(topology)) === undefined ? [] : [topology])),
  );
  expect(selling.flat()).toEqual(expect.arrayContaining([...clouds]));
  expect(selling.flat()).not.toContain("local");
});

test.each(offers)("%s sells the nodes of every size in every region, for gVisor or Kata as it says", (cloud, offer) => {
  if (offer === undefined) throw new Error(`${cloud} sells nothing`);
  for (const region of Object.keys(offer.regions)) {
    for (const people of [5, 50, 500]) {
      const deployment = { topology: cloud, region, people };
      const place = placeWith({ sections: { deployment }, place: { offer } });
      const missing = place.demand.pools.filter((pool) => machineOf(pool, place) === undefined);
      expect([region, people, missing.map(({ name }) => name)]).toEqual([region, people, []]);
    }
  }
});

test.each(offers)(
  "%s has regions of three different zones, machines with a source and versions in order",
  (cloud, offer) => {
    for (const [name, { zones }] of Object.entries(offer?.regions ?? {})) {
      expect([name, new Set(zones).size]).toEqual([name, 3]);
      expect(zones.filter((zone) => !zone.startsWith(name))).toEqual([]);
    }
    for (const machine of offer?.machines ?? []) {
      expect([machine.name, machine.source.length > 10, machine.podsMax > 8, machine.volumesMax > 0]).toEqual([
        machine.name,
        true,
        true,
        true,
      ]);
    }
    expect([cloud, [...(offer?.kubernetesVersions ?? [])].sort()]).toEqual([cloud, offer?.kubernetesVersions]);
  },
);

test.each(offers)("every quota of %s has words that the plan can count by", (_cloud, offer) => {
  const uncounted = quotaNeeds(placeWith({ place: { offer } })).filter(({ needed }) => needed === undefined);
  expect(uncounted.map(({ what }) => what)).toEqual([]);
});

test("a region is known of the clouds that have it, whichever was asked", async () => {
  expect(await topologiesWithRegion("cn-hangzhou", "aws")).toEqual(["alibaba"]);
  expect(await topologiesWithRegion("ap-guangzhou", "aws")).toEqual(["tencent"]);
  expect(await topologiesWithRegion("nowhere", "aws")).toEqual([]);
});

test("only where the chosen cloud lacks the region the others are asked", async () => {
  const at = async (region: string) => {
    const settings = cloudSettings({ deployment: { topology: "aws", region } });
    const { regionOf, region: known } = await placeOf(settings, demandOf("acme-aws", settings));
    return [regionOf, known?.jurisdiction];
  };
  expect(await at("cn-hangzhou")).toEqual([["alibaba"], undefined]);
  expect(await at("ap-northeast-2")).toEqual([[], "kr"]);
});

const image = `registry.company.com/a@sha256:${"0".repeat(64)}`;
const served = (more: object) => ({
  inference: {
    models: [{ name: "m", engine: "vllm", model: "acme/tuned-70b", precision: "bf16", image, gpu: "h100", ...more }],
  },
});

test("a model is sized by the tables of GPUs and models: what fits is taken, what does not is refused in the setting that is wrong", async () => {
  expect(await gpuMisfits(cloudSettings(served({ gpus: 4 })))).toEqual([]);
  expect(await gpuMisfits(cloudSettings(served({ gpus: 1 })))).toMatchObject([{ index: 0, field: "gpus" }]);
  expect(await gpuMisfits(cloudSettings(served({ mig_profile: "9g.999gb" })))).toMatchObject([
    { index: 0, field: "mig_profile" },
  ]);
  expect(await gpuMisfits(cloudSettings())).toEqual([]);
});

test("a kind of GPU that no DGX system has is refused on topology dgx, where nothing is sold", async () => {
  const offer = await offerOf("dgx");
  const refused = (gpu: string) =>
    machines(
      placeWith({
        sections: { deployment: { topology: "dgx", region: "seoul" }, ...served({ gpu, gpus: 1 }) },
        place: { offer },
      }),
    );
  expect(refused("l4")).toMatchObject([{ code: "placement/gpu-kind", path: "inference.models[0].gpu" }]);
  expect(refused("h100")).toEqual([]);
});
