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
});
