import { overlap, parseCidr } from "../../components/cidr.ts";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** Topology dgx is told about the cluster that is there, the others make theirs, and its ranges do not meet. */
export const existingCluster: Check = (place) => {
  const { existing } = place.settings.kubernetes;
  const { topology } = place.settings.deployment;
  if (topology === "dgx") return existing === undefined ? [noCluster()] : ranges(existing, place);
  if (existing === undefined) return [];
  return [
    problemAt("placement/existing-cluster", "kubernetes.existing", {
      got: `a cluster on topology ${topology}, which makes its own`,
      expected: "nothing, or topology dgx",
      remedy: "remove kubernetes.existing, or choose topology dgx",
      source: OUR_RULE,
    }),
  ];
};

function noCluster(): PlacementProblem {
  return problemAt("placement/no-cluster", "kubernetes.existing", {
    got: "nothing",
    expected: "the cluster that topology dgx deploys to: its registry, its ranges and its storage classes",
    remedy: "fill in kubernetes.existing; `kubectl cluster-info dump` and your network's plan have the values",
    source: OUR_RULE,
  });
}

type Existing = NonNullable<Place["settings"]["kubernetes"]["existing"]>;

function ranges(existing: Existing, { demand }: Place): readonly PlacementProblem[] {
  const at = (key: keyof Existing) => [`kubernetes.existing.${key}`, String(existing[key])] as const;
  const pods = at("pod_cidr");
  const services = at("service_cidr");
  const outside = [at("load_balancer_cidr"), at("api_cidr")];
  const company = demand.network.companyCidrs.map((cidr, index) => [`network.company_cidrs[${index}]`, cidr] as const);
  const pairs = [
    [pods, services] as const,
    ...[pods, services].flatMap((own) => [...outside, ...company].map((other) => [own, other] as const)),
  ];
  return pairs
    .filter(([[, a], [, b]]) => overlap(parseCidr(a), parseCidr(b)))
    .map(([[path, cidr], [otherPath, other]]) =>
      problemAt("placement/address-overlap", path, {
        got: `${cidr}, which shares addresses with ${otherPath} ${other}`,
        expected: "ranges that have no address in common: a pod would never reach the other one",
        remedy: "correct the one that is not the cluster's own",
        source: OUR_RULE,
      }),
    );
}
