import { ASSUMPTIONS } from "../assumptions.ts";
import { gpusOf } from "../gpus.ts";
import { type MeterContext, type Metered, unpriced, usage } from "../meter.ts";
import { between, exactly, HOURS_A_MONTH } from "../money.ts";
import type { CostedResource } from "../resource.ts";

const GPUS_PER_SYSTEM = 8;

/** Kinds of GPU, by the word of the settings, whose systems the price book has prices for. */
const PRICED = ["h100"] as const;

/**
 * The systems that the company's own models need, as what they cost a month over five years, with support and power. They
 * are no resources of the plan: the plan finds them there.
 */
export function systemUsage(resources: readonly CostedResource[], { settings }: MeterContext): readonly Metered[] {
  const kinds = [...new Set(settings.inference.models.map(({ gpu }) => gpu))].sort();
  if (kinds.length === 0) return [];
  const unknown = kinds.filter((kind) => !PRICED.some((priced) => priced === kind));
  if (unknown.length > 0)
    return [unpriced("gpu", `systems with ${unknown.join(", ")}`, "the price book has DGX H100 alone")];
  const gpus = resources.reduce((sum, resource) => sum + gpusOf(resource), 0);
  const systems = Math.ceil(gpus / GPUS_PER_SYSTEM);
  const hours = systems * HOURS_A_MONTH;
  const { power } = ASSUMPTIONS;
  const share = (percent: number) => (hours * percent) / 100;
  const count = `${systems} DGX H100 for ${gpus} GPUs`;
  return [
    usage({
      ...{ what: count, category: "gpu", provider: "onprem-dgx", sku: "dgx-h100.amortised-5y" },
      quantity: exactly(hours),
      assumed: "a system costs 270,000 USD and serves five years; whoever has it already has paid this",
    }),
    usage({
      ...{
        what: "support of the DGX systems",
        category: "support",
        provider: "onprem-dgx",
        sku: "dgx-h100.support.hourly",
      },
      quantity: exactly(hours),
    }),
    usage({
      ...{ what: "power of the DGX systems", category: "power", provider: "onprem-dgx", sku: "dgx-h100.power.hourly" },
      quantity: between(share(power.low), share(power.expected), share(power.high)),
      assumptions: ["power"],
      assumed: "0.12 USD a kWh, and 1.3 times the system's power for cooling",
    }),
  ];
}
