import { problemAt } from "./codes.ts";
import type { Check } from "./place.ts";

/** Whether the cloud's load balancer names pods or nodes as its targets, there are not too many of them. */
export const loadBalancerTargets: Check = ({ demand, settings, offer }) => {
  if (offer === undefined) return [];
  const nodes = demand.pools.reduce((sum, { max }) => sum + max, 0);
  const pods = settings.front_door.replicas;
  if (Math.max(nodes, pods) <= offer.targetsMax) return [];
  const tooManyPods = pods > offer.targetsMax;
  return [
    problemAt("placement/load-balancer-targets", tooManyPods ? "front_door.replicas" : "deployment.size", {
      got: tooManyPods ? `${pods} front doors` : `${nodes} nodes`,
      expected: `at most ${offer.targetsMax} targets of one load balancer`,
      remedy: tooManyPods
        ? `set it to ${offer.targetsMax} or fewer`
        : "raise deployment.people for larger nodes, or divide the tenants between environments",
      source: `components/${settings.deployment.topology}/offer.ts`,
    }),
  ];
};
