import { z } from "zod";
import { each, ifKnown } from "../known.ts";
import type { Plan, PlanResource, StackRule } from "../rule.ts";

const AWS_VAULT = "aws:backup/vault:Vault";
const AWS_LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const ALIBABA_VAULT = "alicloud:hbr/vault:Vault";

const lock = z.object({ minRetentionDays: z.number().default(0) });
const alibaba = z.object({ wormEnabled: z.boolean().optional() });

/** Who extorts money deletes the backups first. */
export const dat005: StackRule = {
  id: "DAT-005",
  subjects: [AWS_VAULT, ALIBABA_VAULT],
  *check(plan) {
    yield* each(plan.ofType(AWS_VAULT), function* (vault) {
      const { urn } = vault;
      const found = lockOf(plan, vault);
      if (found === undefined) yield { urn, problem: "the vault is not locked" };
      else if (lock.parse(found.props).minRetentionDays < 1) {
        yield { urn, problem: "minRetentionDays is missing" };
      }
    });
    yield* each(plan.ofType(ALIBABA_VAULT), function* ({ urn, props }) {
      const { wormEnabled } = alibaba.parse(props);
      if (wormEnabled !== true) yield { urn, problem: "wormEnabled is not true" };
    });
  },
};

/** By the name of the vault, or by the shared logical name while only an update knows it. */
function lockOf(plan: Plan, vault: PlanResource): PlanResource | undefined {
  const own = ifKnown(() => vault.props["name"], undefined);
  return plan.ofType(AWS_LOCK).find(({ name, props }) => {
    const names = ifKnown(() => props["backupVaultName"], undefined);
    return names === undefined || own === undefined ? name === vault.name : names === own;
  });
}
