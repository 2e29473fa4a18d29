import { z } from "zod";

const hostName = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/, "a lower-case host name");
const label = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, "lower-case letters, digits and hyphens, 32 at most");
const minutes = z.number().int().min(0).max(43_200);

export const STANDARDS = ["iso27001", "soc2", "gdpr", "pipa", "mlps3"] as const;

/**
 * The answers to the questionnaire. What decides about data and money has no default in a file: an answer that nobody gave
 * must not open anything.
 */
export const answersSchema = z.strictObject({
  place: z.strictObject({
    /** Name of the environment that is written. */
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/, "2 to 20 lower-case letters, digits and hyphens, a letter first"),
    /** The company's domain; the front door becomes agents.<domain>. */
    domain: hostName.default("acme.example"),
    /** Country whose law holds where the platform stands, two letters. */
    country: z.string().regex(/^[a-z]{2}$/, "two lower-case letters, such as kr, cn, de"),
    infrastructure: z.enum(["cloud", "dgx", "private-region", "one-machine"]),
    cloud: z.enum(["any", "aws", "alibaba", "tencent"]).default("any"),
    state_owned: z.boolean().default(false),
  }),
  scale: z.strictObject({
    people: z.number().int().min(1).max(5000),
    agents: z.number().int().min(1).max(5000),
    /** Whole USD in a month for all departments. */
    monthly_model_usd: z.number().int().min(0).max(1_000_000),
    tenant_isolation: z.boolean(),
    departments: z.array(label).min(1).max(20).default(["company"]),
  }),
  security: z.strictObject({
    data_may_leave: z.boolean(),
    /** Whose models: of one's own GPUs, of providers in the own country, of any provider, or the built-in echo. */
    models: z.enum(["own", "domestic", "any", "stand-in"]),
    standards: z.array(z.enum(STANDARDS)).max(STANDARDS.length),
    full_audit: z.boolean(),
  }),
  functions: z
    .strictObject({
      browser_automation: z.boolean().default(false),
      voice: z.boolean().default(false),
      agents_work_together: z.boolean().default(false),
      sso: z.boolean().default(false),
      wechat_work: z.boolean().default(false),
      internal_systems: z.array(hostName).max(50).default([]),
    })
    .prefault({}),
  operations: z
    .strictObject({
      uptime_percent: z.number().min(90).max(99.999).default(99),
      support: z.enum(["8x5", "24x7"]).default("8x5"),
      rto_minutes: minutes.default(1440),
      rpo_minutes: minutes.default(1440),
    })
    .prefault({}),
});

export type Answers = z.output<typeof answersSchema>;
