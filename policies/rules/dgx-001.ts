import { z } from "zod";
import { textsOf } from "../net-texts.ts";
import type { ResourceRule } from "../rule.ts";

const release = z.object({ chart: z.string().optional(), values: z.unknown() });
const operator = z.object({
  mig: z.object({ strategy: z.string().optional() }).optional(),
  devicePlugin: z
    .object({ config: z.object({ name: z.string().optional(), data: z.unknown().optional() }).optional() })
    .optional(),
});

const GPU_CHARTS = /(^|\/)(gpu-operator|nvidia-device-plugin)$/;
const GPU_OPERATOR = /(^|\/)gpu-operator$/;
const STRATEGIES = ["single", "mixed"];

/** Sections of the device plugin that hand one GPU to several pods without a wall in its memory. */
const WITHOUT_WALLS = /\b(timeSlicing|mps)\b/;

/**
 * Two models on one GPU can serve two tenants, and every tenant is strict: parts are cut by MIG, which walls memory off in
 * hardware, or the GPU is whole. Time-slicing and MPS are refused whoever is on them, since the plugin does not know tenants.
 */
export const dgx001: ResourceRule = {
  id: "DGX-001",
  applies: ({ topology }) => topology === "dgx",
  on: {
    "kubernetes:helm.sh/v3:Release": function* (props) {
      const { chart = "", values = {} } = release.parse(props);
      if (!GPU_CHARTS.test(chart)) return;
      if (GPU_OPERATOR.test(chart)) {
        const { mig, devicePlugin } = operator.parse(values);
        const strategy = mig?.strategy ?? "missing";
        if (!STRATEGIES.includes(strategy)) yield `mig.strategy is ${strategy}`;
        const { name, data } = devicePlugin?.config ?? {};
        if (name !== undefined && data === undefined)
          yield `the device plugin's configuration ${name} is not in the plan`;
      }
      if (sharesTime(values)) yield "the device plugin shares GPUs by time-slicing or MPS";
    },
  },
};

function sharesTime(values: unknown): boolean {
  for (const { key, text } of textsOf(values)) if (WITHOUT_WALLS.test(key) || WITHOUT_WALLS.test(text)) return true;
  return hasKey(values, "timeSlicing") || hasKey(values, "mps");
}

function hasKey(value: unknown, key: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  return key in value || Object.values(value).some((item) => hasKey(item, key));
}
