import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { DATA_CLASSES } from "../services.ts";
import { skillNames } from "../skills.ts";
import { limitsOf } from "./limits.ts";
import { llmConfig } from "./llm-config.ts";
import { usdLeaf } from "./usd.ts";

/** A Kubernetes name has at most 63 characters, and the namespace is `tenant-<id>`. */
export const MAX_TENANT_ID_LENGTH = 63 - "tenant-".length;

/** The namespace that holds everything of one tenant. */
export function tenantNamespace(id: string): string {
  return `tenant-${id}`;
}

const unknownSkill = {
  code: "settings/unknown-skill",
  expected: `skills of the catalogue: ${skillNames.join(", ")}`,
  remedy: "correct the name, or add the skill to the catalogue first",
} as const;

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
    says: "Most agents in the tenant's cell, the default agent included.",
    unit: "agents",
    enforcer: ENFORCERS.agentCount,
  }),
  max_api_budget_monthly_usd: usdLeaf({
    says: "Most that the tenant's model requests may cost in a calendar month, UTC; 0 allows none.",
    enforcer: ENFORCERS.budget,
  }),
  agent_budgets_monthly_usd: z
    .record(
      z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
      usdLeaf({
        says: "Most that this agent's requests may cost in a month, within the tenant's budget.",
        enforcer: ENFORCERS.budget,
        refusals: {
          invalid_key: {
            code: "settings/not-dns-label",
            expected: "the id of an agent: at most 32 lower-case letters, digits and hyphens",
            remedy: 'write the agent\'s id, or "default" for the one that every tenant has',
          },
        },
      }),
    )
    .default({}),
  key_budgets_monthly_usd: z
    .record(
      z.string().regex(/^[a-z0-9]{8}$/),
      usdLeaf({
        says: "Most that requests with this API key may cost in a month, within the tenant's budget.",
        enforcer: ENFORCERS.keyBudget,
        refusals: {
          invalid_key: {
            code: "settings/invalid-format",
            expected: "the id of an API key, which is public: the 8 letters after bw_",
            remedy: "write the key's id, never the key",
          },
        },
      }),
    )
    .default({}),
  budget_alert_percents: leaf(z.array(z.number().int().min(1).max(100)).max(20), {
    says: "Shares of the month's budget at which the model router raises an alert.",
    unit: "percent",
    enforcer: ENFORCERS.budgetAlerts,
  }).default([50, 80, 100]),
  limits: limitsOf("the tenant").prefault({}),
  data_class: leaf(z.enum(DATA_CLASSES), {
    says: "The most sensitive data of this tenant; left out: the deployment's. restricted: internal models only. confidential: internal models, or a listed jurisdiction.",
    enforcer: ENFORCERS.residency,
  }).optional(),
  jurisdictions: leaf(
    z
      .array(z.string().regex(/^[a-z]{2}$/))
      .min(1)
      .max(50),
    {
      says: 'Countries or regions whose model providers may see the tenant\'s data, such as "us", "eu", "cn"; left out: any that its data class allows.',
      enforcer: ENFORCERS.residency,
      refusals: {
        invalid_format: {
          code: "settings/invalid-format",
          expected: "two lower-case letters",
          remedy: 'write it as in "eu"',
        },
      },
    },
  ).optional(),
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
