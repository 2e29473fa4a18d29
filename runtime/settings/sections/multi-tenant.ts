import { z } from "zod";
import { COMING, ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { isWholeMicroUsd, MAX_USD } from "../money.ts";
import { skillNames } from "../skills.ts";

/** A Kubernetes name has at most 63 characters, and the namespace is `tenant-<id>`. */
export const MAX_TENANT_ID_LENGTH = 63 - "tenant-".length;

/** No request is without a cap: an answer of 8192 tokens is some twelve pages. */
const DEFAULT_MAX_TOKENS = 8192;

/** The namespace that holds everything of one tenant. */
export function tenantNamespace(id: string): string {
  return `tenant-${id}`;
}

const unknownSkill = {
  code: "settings/unknown-skill",
  expected: `skills of the catalogue: ${skillNames.join(", ")}`,
  remedy: "correct the name, or add the skill to the catalogue first",
} as const;

const llmConfig = z.strictObject({
  provider: leaf(z.string().min(1), {
    says: "Name of an entry of model_providers.",
    enforcer: ENFORCERS.modelRouter,
  }),
  model: leaf(z.string().min(1).max(200), {
    says: "The provider's own id of the model.",
    enforcer: ENFORCERS.modelRouter,
  }),
  max_tokens_per_request: leaf(z.number().int().positive(), {
    says: "Most tokens that one model request may produce.",
    unit: "tokens",
    enforcer: ENFORCERS.tokenCap,
  }).default(DEFAULT_MAX_TOKENS),
});

const tenant = z.strictObject({
  id: leaf(
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .max(MAX_TENANT_ID_LENGTH),
    {
      says: "Name of the tenant in addresses, keys and Kubernetes; never changed afterwards.",
      enforcer: ENFORCERS.tenantNamespace,
      refusals: {
        invalid_format: {
          code: "settings/not-dns-label",
          expected: "a DNS label: lower-case letters, digits and hyphens, first and last no hyphen",
          remedy: 'choose an id such as "customer-service" and put the readable name into `name`',
        },
        too_big: {
          code: "settings/name-too-long",
          expected: `at most ${MAX_TENANT_ID_LENGTH} characters, because the namespace tenant-<id> may have 63`,
          remedy: "shorten the id and keep the long form in `name`",
        },
      },
    },
  ),
  name: leaf(z.string().min(1).max(200), {
    says: "Name for people, in any script.",
    enforcer: { label: "shown to people" },
  }),
  max_agents: leaf(z.number().int().positive().max(1000), {
    says: "Most agents in the tenant's cell.",
    unit: "agents",
    enforcer: { notYet: `a cell has one agent in this release; creating more ${COMING.frontDoor}` },
  }),
  max_api_budget_monthly_usd: leaf(z.number().min(0).max(MAX_USD).refine(isWholeMicroUsd), {
    says: "Most that the tenant's model requests may cost in a calendar month, UTC; 0 allows none.",
    unit: "USD",
    enforcer: { notYet: `reserve and settle in the model router ${COMING.frontDoor}` },
    refusals: {
      too_small: {
        code: "settings/negative-budget",
        expected: "0 or more USD",
        remedy: "write the monthly limit, or 0 to allow no model request",
      },
      custom: {
        code: "settings/budget-too-precise",
        expected: "at most 6 decimals, because money is counted in whole micro-USD",
        remedy: "round the budget",
      },
    },
  }),
  allowed_skills: leaf(z.array(z.enum([...skillNames, "*"])), {
    says: 'Skills that the tenant\'s agents have; "*" is all of the catalogue, an empty list is none.',
    enforcer: ENFORCERS.skillList,
    refusals: { invalid_value: { ...unknownSkill, expected: `${unknownSkill.expected}, or "*"` } },
  }),
  blocked_skills: leaf(z.array(z.enum(skillNames)), {
    says: "Skills taken away from what is allowed.",
    enforcer: ENFORCERS.skillList,
    refusals: { invalid_value: unknownSkill },
  }).default([]),
  data_retention_days: leaf(z.number().int().positive().max(3650), {
    says: "Days after which the tenant's conversations are deleted.",
    unit: "days",
    enforcer: ENFORCERS.sessionPruning,
  }),
  llm_config: llmConfig,
});

/** The departments that share the platform and nothing else. */
export const multiTenant = z.strictObject({
  enabled: leaf(z.boolean(), {
    says: "Whether tenants are kept apart; a deployment refuses false.",
    enforcer: ENFORCERS.tenantNamespace,
  }),
  isolation_level: leaf(z.enum(["strict"]), {
    says: "strict: agents, memory, data and skill settings of a tenant are invisible to the others.",
    enforcer: ENFORCERS.tenantNamespace,
  }),
  tenants: z.array(tenant).min(1).max(200),
});
