import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { DATA_CLASSES } from "../services.ts";

export const ARCHITECTURES = ["A", "B"] as const;
/** What a cloud sells once for a whole account, or what a company has once for everything it runs. */
export const ACCOUNT_SERVICES = ["threat-detection", "intrusion-prevention", "bastion-host"] as const;
export const TOPOLOGIES = ["aws", "alibaba", "tencent", "dgx", "local"] as const;

/** What is deployed, where, and for how many. */
export const deployment = z.strictObject({
  architecture: leaf(z.enum(ARCHITECTURES), {
    says: "A: cloud, data may leave the company network. B: on-premise, data must not leave.",
    enforcer: ENFORCERS.architectureRefusal,
  }),
  topology: leaf(z.enum(TOPOLOGIES), {
    says: "Where the platform runs.",
    enforcer: ENFORCERS.planRefusal,
  }),
  size: leaf(z.enum(["small", "medium", "large"]), {
    says: "For how many people: small 5, medium 50, large 500.",
    enforcer: { ...ENFORCERS.sizes, limits: "topology local has one machine, whatever is set" },
  }),
  people: leaf(z.number().int().min(1).max(5000), {
    says: "For how many people exactly, where the size is too coarse.",
    unit: "people",
    enforcer: { ...ENFORCERS.sizes, limits: "topology local has one machine, whatever is set" },
  }).optional(),
  owner: leaf(z.string().regex(/^[A-Za-z0-9._@-]{1,63}$/), {
    says: "Who answers for the environment; a tag of every resource.",
    enforcer: ENFORCERS.tags,
  }).default("platform"),
  private_region: leaf(z.boolean(), {
    says: "Whether the cloud's region is the company's own (a dedicated or on-premise region), so that architecture B can use it.",
    enforcer: { ...ENFORCERS.architectureRefusal, limits: "declared by you; nothing can look into the contract" },
  }).default(false),
  region: leaf(
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .max(63),
    {
      says: 'Region of the cloud, in the cloud\'s own word; a name of your own choice for "dgx" and "local".',
      enforcer: ENFORCERS.regions,
      refusals: {
        invalid_format: {
          code: "settings/invalid-format",
          expected: "lower-case letters, digits and hyphens",
          remedy: 'write the region as the cloud does, such as "ap-northeast-2", or "local"',
        },
      },
    },
  ),
  jurisdiction: leaf(z.string().regex(/^[a-z]{2}$/), {
    says: 'Country or region whose law holds where the platform stands, such as "tw", where its region does not say it: on "dgx" and "local", and in a region of the company\'s own.',
    enforcer: ENFORCERS.homeOfData,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "two lower-case letters",
        remedy: 'write it as in "tw"',
      },
    },
  }).optional(),
  state_owned: leaf(z.boolean(), {
    says: "Whether the customer is a state-owned company of China: then no model of a foreign maker and no provider abroad is used at all.",
    source: "asked of state-owned companies by the requirements; which document asks it of them was not read",
    enforcer: ENFORCERS.domesticModels,
  }).default(false),
  domestic_models: leaf(z.array(z.string().min(1).max(200)).max(100), {
    says: "Models, by their exact id, that a maker in China made and whose name Breakwater does not know; with state_owned only.",
    enforcer: ENFORCERS.domesticModels,
  }).default([]),
  account_has: z
    .array(
      leaf(z.enum(ACCOUNT_SERVICES), {
        says: "What the cloud account has already, once for all that is in it, so that this environment makes none: GuardDuty, Security Center or host security; the mode of the border firewall's intrusion prevention; in mainland China, the bastion host of Alibaba Cloud or Tencent Cloud.",
        enforcer: ENFORCERS.accountServices,
      }),
    )
    .max(ACCOUNT_SERVICES.length)
    .default([]),
  data_class: leaf(z.enum(DATA_CLASSES), {
    says: "The most sensitive data that agents may see; a tenant's own class is this or a less sensitive one.",
    enforcer: {
      ...ENFORCERS.residency,
      limits: "decides which models a tenant can use; what people type is not classified",
    },
  }),
});
