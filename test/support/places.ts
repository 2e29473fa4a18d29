import { parseSettings, type Settings } from "@breakwater/runtime/settings";
import type { Demand } from "../../components/demand.ts";
import { demandOf } from "../../stacks/demand.ts";
import { problemsOf } from "../../stacks/placement/index.ts";
import type { Place } from "../../stacks/placement/place.ts";
import { testOffer } from "./offers.ts";
import { localSections } from "./plan.ts";

/** What a test changes of an environment on the cloud of the tests. */
export interface Change {
  readonly sections?: Readonly<Record<string, object>>;
  readonly demand?: (demand: Demand) => Demand;
  readonly place?: Partial<Omit<Place, "settings" | "demand">>;
  readonly name?: string;
}

/** The shipped tenants on a cloud, with these keys of these sections replaced. */
export function cloudSections(changes: Readonly<Record<string, object>> = {}): Record<string, unknown> {
  const own: Readonly<Record<string, object>> = {
    deployment: { topology: "aws", region: "east-1" },
    network: { host: "agents.company.com" },
  };
  const sections = localSections();
  for (const [name, change] of [...Object.entries(own), ...Object.entries(changes)]) {
    sections[name] = { ...(sections[name] as object | undefined), ...change };
  }
  return sections;
}

/** The same as settings. */
export function cloudSettings(changes: Readonly<Record<string, object>> = {}): Settings {
  return parseSettings(cloudSections(changes)).settings;
}

/** An environment on the cloud of the tests, on which nothing is wrong but what `change` makes so. */
export function placeWith({
  sections = {},
  demand = (same) => same,
  place = {},
  name = "acme-test",
}: Change = {}): Place {
  const settings = cloudSettings(sections);
  const wanted = demand(demandOf(name, settings));
  const offer = "offer" in place ? place.offer : testOffer;
  const region = offer?.regions[wanted.region];
  return { settings, demand: wanted, offer, region, regionOf: [], gpuMisfits: [], environments: [name], ...place };
}

/** Code and path of every problem. */
export function refusalsOf(change: Change): readonly string[] {
  return problemsOf(placeWith(change)).map(({ code, path }) => `${code} ${path}`);
}
