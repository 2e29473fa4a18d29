import { PAIRS } from "../../runtime/settings/topologies.ts";
import { problemAt } from "./codes.ts";
import { type Check, OUR_RULE } from "./place.ts";

/** `private_region` is said only where a region can be the company's own. */
export const privateRegion: Check = ({ settings }) => {
  const { topology, private_region } = settings.deployment;
  const possible = PAIRS.filter(({ valid }) => valid === "private region").map((pair) => pair.topology);
  if (!private_region || possible.includes(topology)) return [];
  return [
    problemAt("placement/private-region", "deployment.private_region", {
      got: `true on topology ${topology}`,
      expected: `false; it has a meaning on ${possible.join(", ")}`,
      remedy: "remove it, or choose that topology",
      source: OUR_RULE,
    }),
  ];
};
