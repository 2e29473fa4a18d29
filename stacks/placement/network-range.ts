import { formatCidr, overlap, parseCidr } from "../../components/cidr.ts";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { freeRange, isPrivate } from "./free-range.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** What components/subnets.ts can divide, and every cloud takes. */
const LARGEST = 16;
const SMALLEST = 20;

/** The platform's network: of a size that can be divided, private, and nobody else's. */
export const networkRange: Check = (place) => {
  if (place.offer === undefined || place.settings.deployment.topology === "dgx") return [];
  return [...size(place), ...privateUse(place), ...companies(place), ...services(place)];
};

function size({ demand }: Place): readonly PlacementProblem[] {
  const { bits, first } = parseCidr(demand.network.cidr);
  if (bits >= LARGEST && bits <= SMALLEST) return [];
  const valid = formatCidr(parseCidr(formatCidr({ first, bits: Math.min(SMALLEST, Math.max(LARGEST, bits)) })));
  return [
    problemAt("placement/cidr-size", "network.cidr", {
      got: demand.network.cidr,
      expected: `/${LARGEST} to /${SMALLEST}, nearest ${valid}`,
      remedy: `write ${valid}`,
      source:
        "a VPC of AWS is /16 to /28 (docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html); below /20 three zones have no room for pods",
    }),
  ];
}

function privateUse(place: Place): readonly PlacementProblem[] {
  const range = parseCidr(place.demand.network.cidr);
  if (isPrivate(range)) return [];
  const valid = suggestion(place);
  return [
    problemAt("placement/cidr-private", "network.cidr", {
      got: place.demand.network.cidr,
      expected: `addresses for private use, nearest ${valid}`,
      remedy: `write ${valid}`,
      source: "RFC 1918, section 3",
    }),
  ];
}

function companies(place: Place): readonly PlacementProblem[] {
  const { cidr, companyCidrs } = place.demand.network;
  return companyCidrs.flatMap((company, index) => {
    if (!overlap(parseCidr(cidr), parseCidr(company))) return [];
    const valid = suggestion(place);
    return [
      problemAt("placement/address-overlap", "network.cidr", {
        got: `${cidr}, which shares addresses with network.company_cidrs[${index}] ${company}`,
        expected:
          valid === undefined
            ? "addresses that the company does not use"
            : `addresses that the company does not use, nearest ${valid}`,
        remedy: valid === undefined ? "free a range in the company's network" : `write ${valid}`,
        source: OUR_RULE,
      }),
    ];
  });
}

function services(place: Place): readonly PlacementProblem[] {
  const { offer, demand, settings } = place;
  if (offer?.serviceCidr === undefined) return [];
  const own = parseCidr(offer.serviceCidr);
  const source = `components/${settings.deployment.topology}/offer.ts`;
  const ranges = [
    ["network.cidr", demand.network.cidr] as const,
    ...demand.network.companyCidrs.map((cidr, index) => [`network.company_cidrs[${index}]`, cidr] as const),
  ];
  return ranges
    .filter(([, cidr]) => overlap(own, parseCidr(cidr)))
    .map(([path, cidr]) =>
      problemAt("placement/address-overlap", path, {
        got: `${cidr}, which shares addresses with the cluster's Services ${offer.serviceCidr}`,
        expected:
          path === "network.cidr" ? `addresses beside them, nearest ${suggestion(place)}` : "addresses beside them",
        remedy:
          path === "network.cidr"
            ? `write ${suggestion(place)}`
            : "list the parts of it that pods have to reach, without these",
        source,
      }),
    );
}

/** The nearest range of a valid size that nobody has. */
function suggestion({ demand, offer }: Place): string | undefined {
  const { cidr, companyCidrs } = demand.network;
  const range = parseCidr(cidr);
  const taken = [...companyCidrs, ...(offer?.serviceCidr === undefined ? [] : [offer.serviceCidr])].map(parseCidr);
  return freeRange(Math.min(SMALLEST, Math.max(LARGEST, range.bits)), range, taken);
}
