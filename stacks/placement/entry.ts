import { type PlacementProblem, problemAt } from "./codes.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** The front door's entry has a name for its certificate, and an address of the internet only where there is one. */
export const entry: Check = (place) => {
  if (place.settings.deployment.topology === "local") return publicWhereNone(place);
  return [...publicWhereNone(place), ...hostless(place)];
};

function hostless({ demand }: Place): readonly PlacementProblem[] {
  if (demand.entry.host !== undefined) return [];
  return [
    problemAt("placement/certificate-host", "network.host", {
      got: "nothing",
      expected: "the name under which people reach the front door, because its certificate is for this name",
      remedy: "write it as in agents.company.com",
      source: OUR_RULE,
    }),
  ];
}

function publicWhereNone({ demand, settings }: Place): readonly PlacementProblem[] {
  const { topology } = settings.deployment;
  const cloud = topology !== "dgx" && topology !== "local";
  if (demand.entry.exposure === "internal" || (cloud && demand.architecture === "A")) return [];
  return [
    problemAt("placement/public-entry", "network.exposure", {
      got: `public ${cloud ? 'under architecture "B"' : `on topology ${topology}`}`,
      expected: cloud
        ? "internal: under B the network has no way to the internet"
        : "internal: no web application firewall stands before it",
      remedy: "write internal, and let people in by the company's own network",
      source: OUR_RULE,
    }),
  ];
}
