import { ASSUMPTIONS } from "./assumptions.ts";
import { type MeterContext, type Usage, usage } from "./meter.ts";
import { type Bounds, between, eachBound, HOURS_A_MONTH } from "./money.ts";

/** Nodes of one kind, as any cloud's pool has them. */
export interface Pool {
  /** `system`, `agents`, `sandbox`, `gpu`. */
  readonly role: string;
  readonly machine: string;
  /** As in the price book, where it differs from the machine's name. */
  readonly sku: string;
  readonly min: number;
  /** How many the pool is told to begin with. @default min */
  readonly desired?: number | undefined;
  readonly max: number;
  /** Disk of each node. */
  readonly disk?: { readonly sku: string; readonly gb: number } | undefined;
}

/**
 * Hours of nodes and their disks: at least the pool's minimum, most likely what it is told to begin with, at most its
 * maximum. A pool with GPUs begins at none and runs, most likely, all of its nodes for the hours of declared use.
 */
export function poolUsage(
  { role, machine, sku, min, desired, max, disk }: Pool,
  context: MeterContext,
): readonly Usage[] {
  const gpu = role === "gpu";
  const hours = context.gpuHours ?? ASSUMPTIONS.gpuHours.expected;
  const nodeHours = gpu
    ? between(min * HOURS_A_MONTH, Math.max(min * HOURS_A_MONTH, max * hours), max * HOURS_A_MONTH)
    : between(min * HOURS_A_MONTH, (desired ?? min) * HOURS_A_MONTH, max * HOURS_A_MONTH);
  const assumed = gpu && context.gpuHours === undefined ? { assumptions: ["gpuHours"] as const } : {};
  return [
    usage({
      what: `${machine} nodes, pool ${role}`,
      category: gpu ? "gpu" : "compute",
      sku,
      quantity: nodeHours,
      ...assumed,
    }),
    ...(disk === undefined
      ? []
      : [
          usage({
            what: `disks of nodes, pool ${role}`,
            category: "storage",
            sku: disk.sku,
            quantity: diskMonths(nodeHours, disk.gb),
          }),
        ]),
  ];
}

function diskMonths(nodeHours: Bounds, gb: number): Bounds {
  return eachBound(nodeHours, (milliHours) => Math.round((milliHours * gb) / HOURS_A_MONTH));
}
