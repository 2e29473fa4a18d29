import { boundsOf, exactHost, mayGoTo, placeOfHost, type Settings } from "@breakwater/runtime/settings";
import { type PlacementProblem, problemAt } from "./codes.ts";
import { isInside } from "./company-network.ts";
import { EXPORT_LAW } from "./export-law.ts";
import { homeOf } from "./jurisdiction.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

type Destination = Exclude<Settings["audit"]["exports"][number], { readonly kind: "file" }>;

/** Names of Services: they are where the cluster is. */
const CLUSTER_ENDINGS: readonly string[] = [".svc", ".cluster.local"];

/** A server that audit records are shipped to: those of every tenant, because the log is one. */
interface Receiver {
  readonly path: string;
  readonly host: string;
  readonly inside: boolean;
  /** Undefined: nobody says it. */
  readonly jurisdiction: string | undefined;
  readonly written: string | undefined;
}

/** Audit records say who asked what when, so that they go only where the data of every tenant may go. */
export const receivers: Check = (place) => receiversOf(place).flatMap((receiver) => problemsOf(receiver, place));

function receiversOf(place: Place): readonly Receiver[] {
  return place.settings.audit.exports.flatMap((destination, index) => {
    if (destination.kind === "file") return [];
    const host = hostOf(destination);
    const inCluster = CLUSTER_ENDINGS.some((ending) => host.endsWith(ending));
    const written = destination.jurisdiction;
    return [
      {
        path: `audit.exports[${index}]`,
        host,
        inside: isInside(host, place),
        jurisdiction: inCluster ? (homeOf(place) ?? written) : placeOfHost(host, written),
        written,
      },
    ];
  });
}

/** What cannot be read as a host is nobody's, as it was written. */
function hostOf(destination: Destination): string {
  const address = destination.kind === "syslog" ? destination.host : destination.url;
  return exactHost(address) ?? address;
}

function problemsOf(receiver: Receiver, place: Place): readonly PlacementProblem[] {
  // Under B whatever is outside is refused as such, by a check of its own.
  if (place.demand.architecture === "B" && !receiver.inside) return [];
  const wrong = contradicted(receiver);
  if (wrong.length > 0) return wrong;
  const abroad = leavesChina(receiver, place);
  return abroad.length > 0 ? abroad : forbidden(receiver, place);
}

function contradicted({ path, host, jurisdiction, written }: Receiver): readonly PlacementProblem[] {
  if (written === undefined || written === jurisdiction) return [];
  return [
    problemAt("placement/receiver", `${path}.jurisdiction`, {
      got: `"${written}" for ${host}, whose name says "${jurisdiction}"`,
      expected: `"${jurisdiction}": what is known of a host wins over what is written`,
      remedy: "correct it or leave it out",
      source: OUR_RULE,
    }),
  ];
}

function leavesChina(receiver: Receiver, place: Place): readonly PlacementProblem[] {
  if (homeOf(place) !== "cn" || receiver.jurisdiction === "cn") return [];
  return [
    refused(
      receiver,
      `a receiver in mainland China, jurisdiction "cn" (${EXPORT_LAW})`,
      'a receiver in "cn"',
      EXPORT_LAW,
    ),
  ];
}

function forbidden(receiver: Receiver, { settings }: Place): readonly PlacementProblem[] {
  const { architecture, data_class, state_owned } = settings.deployment;
  const { inside, jurisdiction = "" } = receiver;
  return settings.multi_tenant.tenants.flatMap((tenant) => {
    const written = { dataClass: tenant.data_class ?? data_class, jurisdictions: tenant.jurisdictions };
    const { dataClass, jurisdictions } = boundsOf(written, state_owned);
    const treatedAs = architecture === "B" ? "restricted" : dataClass;
    const listed = jurisdictions === undefined ? undefined : new Set(jurisdictions);
    if (mayGoTo({ dataClass: treatedAs, jurisdictions: listed }, { jurisdiction, internal: inside })) return [];
    const whose = `the ${written.dataClass} data of tenant ${tenant.id}`;
    const where = jurisdictions === undefined ? "" : ` in ${jurisdictions.map((one) => `"${one}"`).join(" or ")}`;
    const kind =
      treatedAs === "restricted" || (dataClass === "confidential" && listed === undefined)
        ? "of the company's own"
        : "";
    const wanted = `a receiver ${[kind, where.trim()].filter((word) => word !== "").join(" ")}`;
    return [refused(receiver, `${wanted}, because ${whose} is told there too`, wanted, OUR_RULE)];
  });
}

function refused(receiver: Receiver, expected: string, choice: string, source: string): PlacementProblem {
  const { path, host, inside, jurisdiction } = receiver;
  const where = jurisdiction === undefined ? "whose country nobody says" : `jurisdiction "${jurisdiction}"`;
  return problemAt("placement/receiver", path, {
    got: `${host}, ${inside ? "in the company network" : "outside the company network"}, ${where}`,
    expected,
    remedy:
      jurisdiction === undefined
        ? `write its jurisdiction, or choose ${choice}`
        : `choose ${choice}, or kind file, which stays on the audit volume`,
    source,
  });
}
