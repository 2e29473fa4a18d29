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
  /** Disks of each node. */
  readonly disks: readonly { readonly sku: string; readonly gb: number }[];
}

/**
 * Hours of nodes and their disks: at least the pool's minimum, most likely what it is told to begin with, at most its
 * maximum. A pool with GPUs begins at none and runs, most likely, all of its nodes for the hours of declared use.
 */
export function poolUsage(
  { role, machine, sku, min, desired, max, disks }: Pool,
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
    ...[...new Set(disks.map(({ sku: kind }) => kind))].map((kind) =>
      usage({
        what: `disks of nodes, pool ${role}`,
        category: "storage",
        sku: kind,
        quantity: diskMonths(nodeHours, gbOf(disks, kind)),
      }),
    ),
  ];
}

function gbOf(disks: Pool["disks"], kind: string): number {
  return disks.filter(({ sku }) => sku === kind).reduce((sum, { gb }) => sum + gb, 0);
}

function diskMonths(nodeHours: Bounds, gb: number): Bounds {
  return eachBound(nodeHours, (milliHours) => Math.round((milliHours * gb) / HOURS_A_MONTH));
}
