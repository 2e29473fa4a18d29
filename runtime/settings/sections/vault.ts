import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

/** OpenBao, which holds the keys of the platform on every topology but the local one. */
export const vault = z.strictObject({
  replicas: leaf(z.number().int().min(1).max(7), {
    says: "Servers that share the data by Raft; an odd number.",
    enforcer: ENFORCERS.vault,
  }).default(3),
  storage_gib: leaf(z.number().int().min(1).max(1024), {
    says: "Volume of each server.",
    unit: "GiB",
    enforcer: ENFORCERS.vault,
  }).default(10),
  unseal: leaf(z.enum(["kms", "shamir", "transit"]), {
    says: "Who opens it after a restart: the cloud's key service, people with shares, or another vault. Left out: kms on a cloud, shamir on dgx.",
    enforcer: ENFORCERS.vault,
  }).optional(),
  transit_address: leaf(z.url({ protocol: /^https$/ }).max(500), {
    says: "Address of the other vault, with unseal transit.",
    enforcer: ENFORCERS.vault,
  }).optional(),
});
