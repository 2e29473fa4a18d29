import { STATE_OWNED_HOME } from "@breakwater/runtime/settings";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** The law of the environment's own place: its region's where the cloud says it, else what is declared; undefined: nobody says. */
export function homeOf({ region, settings }: Pick<Place, "region" | "settings">): string | undefined {
  return region?.jurisdiction ?? settings.deployment.jurisdiction;
}

/** What is declared of the law agrees with the region, and state ownership stands under the law that it has a meaning in. */
export const jurisdiction: Check = (place) => [...contradicted(place), ...stateOwned(place)];

function contradicted({ region, settings, demand }: Place): readonly PlacementProblem[] {
  const written = settings.deployment.jurisdiction;
  if (region === undefined || written === undefined || written === region.jurisdiction) return [];
  return [
    problemAt("placement/jurisdiction", "deployment.jurisdiction", {
      got: `"${written}" in ${demand.region}, which is under the law of "${region.jurisdiction}"`,
      expected: `"${region.jurisdiction}": what is known of a region wins over what is written`,
      remedy: `write "${region.jurisdiction}" or leave it out, or choose a region there`,
      source: `components/${settings.deployment.topology}/offer.ts`,
    }),
  ];
}

function stateOwned(place: Place): readonly PlacementProblem[] {
  const home = homeOf(place);
  if (!place.settings.deployment.state_owned || home === STATE_OWNED_HOME) return [];
  return [
    problemAt("placement/state-owned", "deployment.state_owned", {
      got: `true ${home === undefined ? "where nobody says which law holds" : `under the law of "${home}"`}`,
      expected: `true under the law of "${STATE_OWNED_HOME}" alone, or false`,
      remedy:
        home === undefined
          ? `write deployment.jurisdiction: "${STATE_OWNED_HOME}" if it stands there`
          : "choose a region in mainland China, or remove it",
      source: OUR_RULE,
    }),
  ];
}
