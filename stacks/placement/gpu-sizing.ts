import type { Settings } from "@breakwater/runtime/settings";
import type { GpuMisfit } from "./place.ts";

const SOURCE = "components/inference/gpu-table.ts and model-table.ts, which name theirs";

/** Models that do not fit into the GPUs that they are given. The tables of GPUs and models are read only where there is one. */
export async function gpuMisfits({ inference }: Settings): Promise<readonly GpuMisfit[]> {
  if (inference.models.length === 0) return [];
  const { isMisfit, sizeOf } = await import("../../components/inference/sizing.ts");
  return inference.models.flatMap(({ model, precision, gpu, gpus, mig_profile }, index) => {
    const size = sizeOf({ model, precision, gpu, gpus, migProfile: mig_profile });
    return isMisfit(size) ? [{ ...size, index, source: SOURCE }] : [];
  });
}
