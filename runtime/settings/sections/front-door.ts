import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { limitsOf } from "./limits.ts";

/** Front doors where the settings do not say how many. */
export const DEFAULT_REPLICAS = 2;

/** The one entrance: identity, tenancy, roles, audit. */
export const frontDoor = z.strictObject({
  port: leaf(z.number().int().min(1).max(65_535), {
    says: "TCP port on which people and channels reach the platform.",
    source: "the source requirements use 18789",
    enforcer: ENFORCERS.frontDoorPod,
  }).default(18_789),
  replicas: leaf(z.number().int().min(1).max(10), {
    says: "Front doors that answer at the same time.",
    enforcer: ENFORCERS.frontDoorPod,
  }).default(DEFAULT_REPLICAS),
  max_body_bytes: leaf(z.number().int().min(1024).max(104_857_600), {
    says: "Largest request body.",
    unit: "bytes",
    enforcer: ENFORCERS.bodyLimit,
  }).default(1_048_576),
  limits: z
    .strictObject({
      per_key: limitsOf("one API key").prefault({}),
      per_tenant: limitsOf("one tenant").prefault({}),
    })
    .prefault({}),
});
