import { z } from "zod";
import { ARCHITECTURES, TOPOLOGIES } from "./sections/deployment.ts";
import { DATA_CLASSES } from "./services.ts";

/**
 * What policies need to know of an environment beside its resources. The program writes it as a component's outputs and
 * the policy pack reads it there, so that `breakwater plan` and an engine's preview judge by the same facts.
 */
export const Facts = z.object({
  environment: z.string(),
  architecture: z.enum(ARCHITECTURES),
  topology: z.enum(TOPOLOGIES),
  region: z.string(),
  /** Country or region whose law holds there, two letters; empty where the environment does not say it. */
  jurisdiction: z.string(),
  dataClass: z.enum(DATA_CLASSES),
  exposure: z.enum(["internal", "public"]),
  /** Nothing may come from the internet while it is installed or runs. */
  airGapped: z.boolean(),
  tenants: z.array(
    z.object({
      id: z.string(),
      retentionDays: z.number(),
      maxAgents: z.number(),
      monthlyBudgetUsd: z.number(),
      alertPercents: z.array(z.number()),
    }),
  ),
  /** Days that audit records are kept. */
  auditRetentionDays: z.number(),
  /** Kinds of the destinations that audit records are shipped to. */
  auditDestinations: z.array(z.string()),
  /** Names of alert rules. */
  alerts: z.array(z.string()),
});
export type Facts = Readonly<z.output<typeof Facts>>;

/** Type of the component whose outputs are the facts. */
export const FACTS_TYPE = "breakwater:stacks:Environment";
