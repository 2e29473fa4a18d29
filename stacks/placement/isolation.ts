import { problemAt } from "./codes.ts";
import type { Check } from "./place.ts";

/** The sandbox's kernel: only what the cloud's nodes really allow. */
export const isolation: Check = ({ offer, demand, settings }) => {
  if (offer === undefined) return [];
  const wanted = demand.sandboxIsolation;
  const answer = offer.isolation[wanted];
  if (answer === "yes") return [];
  const other = wanted === "gvisor" ? "kata" : "gvisor";
  const alternative = offer.isolation[other] === "yes" ? other : undefined;
  const { topology } = settings.deployment;
  return [
    problemAt("placement/isolation", "openshell.isolation", {
      got: wanted,
      expected: `${alternative ?? "another topology"}, because on ${topology} ${answer.no}`,
      remedy: alternative === undefined ? "choose another topology" : `set it to ${alternative}`,
      source: `components/${topology}/offer.ts`,
    }),
  ];
};
