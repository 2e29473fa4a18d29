import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

/** The PostgreSQL that holds keys, agents and budgets. */
export const database = z.strictObject({
  storage_gib: leaf(z.number().int().min(1).max(16_384), {
    says: "Volume of the database.",
    unit: "GiB",
    enforcer: { ...ENFORCERS.database, limits: "the local StorageClass does not stop a writer at this size" },
  }).default(5),
  high_availability: leaf(z.boolean(), {
    says: "A standby in another zone that takes over; left out: yes from medium size on.",
    enforcer: { ...ENFORCERS.cloudDatabase, limits: "topologies local and dgx have one server" },
  }).optional(),
  backup_days: leaf(z.number().int().min(1).max(365), {
    says: "Days that backups are kept.",
    unit: "days",
    enforcer: { ...ENFORCERS.cloudBackup, limits: "topology local makes no backups" },
  }).default(35),
});
