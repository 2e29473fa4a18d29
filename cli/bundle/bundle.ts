import type { PlannedResource } from "../plan/recorder.ts";
import { type BundledChart, chartOf } from "./charts.ts";
import { type BundledImage, builtImageOf, imagesIn } from "./images.ts";
import { type BundledModel, modelsIn } from "./models.ts";
import { type Carried, carriedBy } from "./packages.ts";
import { addressesIn } from "./walk.ts";

/** Everything that an environment takes from elsewhere, as its plan shows it. */
export interface Bundle {
  readonly environment: string;
  readonly images: readonly BundledImage[];
  readonly charts: readonly BundledChart[];
  readonly models: readonly BundledModel[];
  /** npm packages and OpenClaw plugins inside our own images. */
  readonly packages: readonly Carried[];
  /** Programs that nodes need beside their own. */
  readonly binaries: readonly Carried[];
  /** Hosts that manifests name and that are not in the cluster; they are reached and not carried. */
  readonly addresses: readonly string[];
}

/** What a plan refers to. Pure: what is not in the plan is not in the list. */
export function bundleOf(environment: string, plan: readonly PlannedResource[]): Bundle {
  const images = distinct([...plan.flatMap(builtImageOf), ...plan.flatMap(imagesIn)]);
  const charts = distinct(plan.flatMap(chartOf));
  const models = distinct(plan.flatMap(modelsIn));
  const carried = [...charts.map(({ repository }) => repository), ...models.map(({ source }) => source)];
  const addresses = plan.flatMap(({ inputs }) => addressesIn(inputs)).filter((address) => !origins(carried, address));
  return {
    environment,
    images,
    charts,
    models,
    ...carriedBy(environment, plan, images),
    addresses: [...new Set(addresses)].sort(),
  };
}

/** Whether something that is carried comes from an address. */
function origins(sources: readonly string[], address: string): boolean {
  return sources.some((source) => source === address || source.startsWith(`${address}/`));
}

/** Each thing once, sorted by its text. */
function distinct<T>(items: readonly T[]): readonly T[] {
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
