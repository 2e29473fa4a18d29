import type { DashboardFacts, Panel } from "./dashboard.ts";

const EACH = "{{Hostname}} {{gpu}}";

function each(title: string, expr: string, unit: string): Panel {
  return { title, queries: [{ expr, legend: EACH }], unit };
}

/** What the GPUs do, from DCGM exporter. */
export const gpu: DashboardFacts = {
  uid: "breakwater-gpu",
  title: "Breakwater: GPUs",
  panels: [
    each("Busy", "DCGM_FI_DEV_GPU_UTIL", "percent"),
    each("Memory in use", "DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)", "percentunit"),
    each("Engines active", "DCGM_FI_PROF_GR_ENGINE_ACTIVE", "percentunit"),
    each("Tensor cores active", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "percentunit"),
    each("Power", "DCGM_FI_DEV_POWER_USAGE", "watt"),
    each("Temperature", "DCGM_FI_DEV_GPU_TEMP", "celsius"),
    {
      title: "Last error (XID)",
      queries: [{ expr: "DCGM_FI_DEV_XID_ERRORS", legend: EACH }],
      shape: "stat",
      width: 24,
    },
  ],
};
