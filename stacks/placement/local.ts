import { problemAt } from "./codes.ts";
import { type Check, OUR_RULE } from "./place.ts";

/** The local node has one RuntimeClass; anything else would start, and be less than what was asked for. */
export const localProblems: Check = ({ settings }) => {
  const { isolation } = settings.openshell;
  if (settings.deployment.topology !== "local" || isolation === "gvisor") return [];
  return [
    problemAt("placement/isolation", "openshell.isolation", {
      got: isolation,
      expected: "gvisor on the local topology",
      remedy: "set it to gvisor, or choose a topology whose nodes run virtual machines",
      source: OUR_RULE,
    }),
  ];
};
