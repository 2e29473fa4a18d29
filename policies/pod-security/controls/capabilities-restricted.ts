import type { Control } from "../control.ts";
import { eachContainer, exceptOnWindows, quoted } from "../placed.ts";

const judge = eachContainer(({ securityContext }) => {
  const { add = [], drop = [] } = securityContext?.capabilities ?? {};
  const added = add.filter((name) => name !== "NET_BIND_SERVICE");
  const problems = [
    ...(drop.includes("ALL") ? [] : ['securityContext.capabilities.drop has no "ALL"']),
    ...(added.length === 0 ? [] : [`securityContext.capabilities.add has ${quoted(added)}`]),
  ];
  return problems.length === 0 ? undefined : problems.join(", ");
});

/** A program that needs no capability should have none to be robbed of. */
export const capabilitiesRestricted: Control = {
  id: "capabilities_restricted",
  level: "restricted",
  asks: "Containers must drop all capabilities, and may add NET_BIND_SERVICE alone.",
  fix: 'set securityContext.capabilities.drop: ["ALL"] and add nothing but NET_BIND_SERVICE',
  replaces: "capabilities_baseline",
  revisions: [
    { since: 22, judge },
    { since: 25, judge: exceptOnWindows(judge) },
  ],
};
