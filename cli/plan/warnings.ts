import { ledger, stateOf } from "@breakwater/runtime/settings";
import { homeOf } from "../../stacks/placement/jurisdiction.ts";
import type { Place } from "../../stacks/placement/place.ts";
import { quotasToRaise } from "../../stacks/placement/quotas.ts";

/** What the reader of a plan should know and no check refuses. Each is one sentence. */
export function warningsOf(place: Place): readonly string[] {
  return [...unenforced(place), ...standIns(place), ...unverified(place), ...quotas(place), ...filing(place)];
}

function unenforced({ settings, demand }: Place): readonly string[] {
  const count = ledger(settings).filter(({ enforcer }) => stateOf(enforcer) === "not yet").length;
  if (count === 0) return [];
  return [`${count} settings are accepted and enforced by nothing yet: breakwater enforcers ${demand.environment}`];
}

function standIns({ settings }: Place): readonly string[] {
  const echo = Object.entries(settings.model_providers).filter(([, { kind }]) => kind === "echo");
  if (echo.length === 0) return [];
  return [
    `answers come from the echo model, a stand-in, for: ${echo
      .map(([name]) => name)
      .sort()
      .join(", ")}`,
  ];
}

function unverified({ settings }: Place): readonly string[] {
  const { topology } = settings.deployment;
  if (topology === "local") return [];
  const who = topology === "dgx" ? "no DGX cluster" : `no account of ${topology}`;
  return [`planned, not verified: ${who} has accepted this plan yet (docs/topologies/${topology}.md)`];
}

function quotas(place: Place): readonly string[] {
  return quotasToRaise(place).map(
    ({ what, needed, limit, source }) =>
      `a fresh account has ${limit} ${what}, and this needs ${needed} at its largest: have it raised first (${source})`,
  );
}

function filing(place: Place): readonly string[] {
  const { demand } = place;
  if (homeOf(place) !== "cn" || demand.entry.exposure !== "public") return [];
  return [`${demand.entry.host ?? "the host"} needs an ICP filing before it is public in mainland China`];
}
