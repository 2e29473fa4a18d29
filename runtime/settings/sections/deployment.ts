import { z } from "zod";
import { ENFORCERS, NOT_BUILT } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { DATA_CLASSES } from "../services.ts";

export const ARCHITECTURES = ["A", "B"] as const;
export const TOPOLOGIES = ["aws", "alibaba", "tencent", "dgx", "local"] as const;

/** The topologies that this release can deploy; the others parse, and the plan says that they are not built. */
export const BUILT_TOPOLOGIES = ["local"] as const satisfies readonly (typeof TOPOLOGIES)[number][];

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
    enforcer: { notYet: NOT_BUILT.sizes },
  }),
  region: leaf(
    z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
      .max(63),
    {
      says: 'Region of the cloud, in the cloud\'s own word; a name of your own choice for "dgx" and "local".',
      enforcer: { notYet: NOT_BUILT.regions },
      refusals: {
        invalid_format: {
          code: "settings/invalid-format",
          expected: "lower-case letters, digits and hyphens",
          remedy: 'write the region as the cloud does, such as "ap-northeast-2", or "local"',
        },
      },
    },
  ),
  data_class: leaf(z.enum(DATA_CLASSES), {
    says: "The most sensitive data that agents may see; a tenant's own class is this or a less sensitive one.",
    enforcer: {
      ...ENFORCERS.residency,
      limits: "decides which models a tenant can use; what people type is not classified",
    },
  }),
});
