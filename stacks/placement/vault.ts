import { type PlacementProblem, problemAt } from "./codes.ts";
import { type Check, OUR_RULE, type Place } from "./place.ts";

/** The vault has a majority when one server is gone, a node for each, and somebody who opens it. */
export const vault: Check = (place) => {
  if (place.settings.deployment.topology === "local") return [];
  return [...replicas(place), ...unseal(place)];
};

function replicas({ demand, settings }: Place): readonly PlacementProblem[] {
  const wanted = settings.vault.replicas;
  const nodes = demand.pools.find(({ role }) => role === "system")?.max ?? wanted;
  if (wanted % 2 === 1 && wanted <= nodes) return [];
  const valid = Math.min(wanted % 2 === 1 ? wanted : wanted + 1, nodes % 2 === 1 ? nodes : nodes - 1);
  return [
    problemAt("placement/vault-replicas", "vault.replicas", {
      got: String(wanted),
      expected: `an odd number, at most the ${nodes} nodes of pool system, nearest ${valid}`,
      remedy: `write ${valid}`,
      source: "Raft needs a majority: an even number bears no more failures than the odd one below it",
    }),
  ];
}

function unseal({ demand, settings }: Place): readonly PlacementProblem[] {
  const { topology } = settings.deployment;
  const { vaultUnseal, vaultTransitAddress } = demand;
  if (vaultUnseal === "kms" && topology === "dgx") {
    return [
      problemAt("placement/vault-unseal", "vault.unseal", {
        got: "kms on topology dgx",
        expected: "shamir or transit, because there is no key service of a cloud",
        remedy: "write shamir, or transit with the address of another vault",
        source: OUR_RULE,
      }),
    ];
  }
  if ((vaultUnseal === "transit") === (vaultTransitAddress !== undefined)) return [];
  return [
    problemAt("placement/vault-unseal", "vault.transit_address", {
      got: vaultTransitAddress === undefined ? "nothing with unseal transit" : `an address with unseal ${vaultUnseal}`,
      expected:
        vaultTransitAddress === undefined ? "the https address of the other vault" : "nothing, or unseal transit",
      remedy: vaultTransitAddress === undefined ? "write it" : "remove it, or set vault.unseal to transit",
      source: OUR_RULE,
    }),
  ];
}
