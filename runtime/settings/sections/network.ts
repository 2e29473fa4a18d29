import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

const cidr = (says: string, enforcer: (typeof ENFORCERS)[keyof typeof ENFORCERS]) =>
  leaf(z.cidrv4(), {
    says,
    enforcer,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "an IPv4 range in CIDR notation",
        remedy: 'write it as in "10.64.0.0/16"',
      },
    },
  });

/** The network that the platform gets on a cloud, and who reaches its front door. */
export const network = z.strictObject({
  cidr: cidr("Addresses of the platform's network, /16 to /20.", ENFORCERS.cloudNetwork).default("10.64.0.0/16"),
  zones: leaf(z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).length(3), {
    says: "Three zones of the region; left out: those that Breakwater knows of it.",
    enforcer: ENFORCERS.cloudNetwork,
  }).optional(),
  company_cidrs: z
    .array(cidr("Ranges of the company's own network; the platform's must not overlap them.", ENFORCERS.addressPlan))
    .max(50)
    .default([]),
  exposure: leaf(z.enum(["internal", "public"]), {
    says: "Whether the front door has an address of the internet, behind a web application firewall, or one of the private network.",
    enforcer: ENFORCERS.cloudEntry,
  }).default("internal"),
  host: leaf(z.hostname().max(253), {
    says: "Name under which people and channels reach the front door.",
    enforcer: ENFORCERS.cloudEntry,
  }).optional(),
  allowed_cidrs: z
    .array(
      cidr(
        "Ranges that may reach the front door; left out: the company's and the platform's own.",
        ENFORCERS.cloudEntry,
      ),
    )
    .max(50)
    .default([]),
});
