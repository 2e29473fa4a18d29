import type { Facts } from "@breakwater/runtime/settings";
import type { CatalogueRule } from "../../policies/catalogue.ts";

/**
 * The conditions of the catalogue. Where nobody says under whose law an environment stands, a rule of a country is kept:
 * that it does not apply would be a claim.
 */
const CONDITIONS: Readonly<Record<string, (facts: Facts) => boolean>> = {
  "provider=aws": ({ topology }) => topology === "aws",
  "topology=onprem": ({ topology }) => topology === "dgx",
  "exposure=public": ({ exposure }) => exposure === "public",
  "region=china": ({ jurisdiction }) => jurisdiction === "cn" || jurisdiction === "",
  "jurisdiction=kr": ({ jurisdiction }) => jurisdiction === "kr" || jurisdiction === "",
  // The settings know no other isolation.
  "tenant.isolation=strict": () => true,
  "airgap=true": ({ airGapped }) => airGapped,
};

/** Whether a rule that no plan decides says anything about an environment. @throws Error for a condition it does not know. */
export function appliesTo({ id, applies }: CatalogueRule, facts: Facts): boolean {
  return (applies?.split(" & ") ?? []).every((condition) => {
    const holds = CONDITIONS[condition];
    if (holds === undefined) throw new Error(`${id} applies where ${condition}, which nothing decides`);
    return holds(facts);
  });
}
