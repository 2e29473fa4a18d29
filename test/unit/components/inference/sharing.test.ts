import { expect, test } from "vitest";
import { GPUS } from "../../../../components/inference/gpu-table.ts";
import { DEVICE_PLUGIN_CONFIG, gpuResources, migLayout } from "../../../../components/inference/sharing.ts";

test("no GPU is handed out twice: the device plugin shares nothing, neither by time-slicing nor by MPS", () => {
  expect(DEVICE_PLUGIN_CONFIG).toEqual({ version: "v1", flags: { migStrategy: "mixed" } });
});

test("a part is asked for by its own name, so that whole GPUs and parts never stand in for each other", () => {
  const [part] = GPUS.h100.mig.filter(({ name }) => name === "3g.40gb");
  expect(gpuResources(1, part)).toEqual({ "nvidia.com/mig-3g.40gb": "1" });
  expect(gpuResources(4, undefined)).toEqual({ "nvidia.com/gpu": "4" });
});

test("a layout cuts every GPU of a node into as many parts as go into it", () => {
  const layouts = GPUS.h100.mig.map(migLayout);
  expect(layouts).toContainEqual({
    name: "all-3g.40gb",
    config: [{ devices: "all", "mig-enabled": true, "mig-devices": { "3g.40gb": 2 } }],
  });
});
