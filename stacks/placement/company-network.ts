import { contains, parseCidr } from "../../components/cidr.ts";
import { problemAt } from "./codes.ts";
import { endpointsOf } from "./endpoints.ts";
import { isPrivate } from "./free-range.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** Endings that no public name has. */
const PRIVATE_ENDINGS: readonly string[] = [
  // Kubernetes' own.
  ".svc",
  ".cluster.local",
  // Reserved by ICANN on 2024-07-29.
  ".internal",
  // RFC 8375.
  ".home.arpa",
];

/** Under architecture B nothing that the settings name lies outside the company network. What cannot be told is outside. */
export const leavesCompany: Check = (place) => {
  if (place.demand.architecture !== "B") return [];
  const domain = companyDomain(place);
  const inside = `an address of network.company_cidrs or for private use, or a name below ${domain ?? "the domain of network.host, which is not set"}`;
  return endpointsOf(place.settings)
    .filter(({ host, declaredInside }) => !declaredInside && !isInside(host, place))
    .map(({ path, host }) =>
      problemAt("placement/leaves-company", path, {
        got: `${host}, outside the company network`,
        expected: `under architecture "B" ${inside}`,
        remedy: path.startsWith("model_providers.")
          ? "remove the provider, or write the address of a server of your own with internal: true"
          : "name a server of the company's own, or choose architecture A if the data may leave",
        source: OUR_RULE,
      }),
    );
};

/** Whether a host is one of the company network, as far as a plan can tell. */
export function isInside(host: string, place: Pick<Place, "demand">): boolean {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    const address = parseCidr(`${host}/32`);
    return isPrivate(address) || place.demand.network.companyCidrs.some((cidr) => contains(parseCidr(cidr), address));
  }
  const name = host.toLowerCase();
  const domain = companyDomain(place);
  return (
    PRIVATE_ENDINGS.some((ending) => name.endsWith(ending)) || (domain !== undefined && name.endsWith(`.${domain}`))
  );
}

/** Labels under which countries register names of companies: below `co.kr` everybody is. */
const SECOND_LEVEL: readonly string[] = ["ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"];

/** `agents.company.com` -> `company.com`; a domain has two labels at least, three where the country has two of its own. */
function companyDomain({ demand }: Pick<Place, "demand">): string | undefined {
  const domain = demand.entry.host?.toLowerCase().split(".").slice(1) ?? [];
  const [second = "", top = ""] = domain.slice(-2);
  const own = top.length === 2 && SECOND_LEVEL.includes(second) ? 3 : 2;
  return domain.length < own ? undefined : domain.join(".");
}
