import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

/** How a violated rule is taken. `mandatory`: nothing is deployed. `advisory`: said in every report, and no more. */
export const ENFORCEMENT_LEVELS = ["mandatory", "advisory"] as const;

const ruleFormat = /^[A-Z0-9]{2,3}-\d{3}$/;

const level = (says: string) => leaf(z.enum(ENFORCEMENT_LEVELS), { says, enforcer: ENFORCERS.policies });

const exception = z.strictObject({
  rule: leaf(z.string().regex(ruleFormat), {
    says: "The rule that is not kept, by its id in policies/catalogue.json.",
    enforcer: ENFORCERS.policies,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "the id of a rule",
        remedy: 'write it as in "K8S-020"',
      },
    },
  }),
  resource: leaf(z.string().min(1).max(500), {
    says: "Part of the URNs that the exception covers. Left out: every resource.",
    enforcer: ENFORCERS.policies,
  }).optional(),
  owner: leaf(z.string().min(1).max(100), {
    says: "Who answers for the exception; in every report.",
    enforcer: ENFORCERS.policies,
  }),
  reason: leaf(z.string().min(10).max(500), {
    says: "Why the rule is not kept, in at least ten characters; in every report.",
    enforcer: ENFORCERS.policies,
  }),
  expires: leaf(z.iso.date(), {
    says: "Last day, UTC, on which the exception holds. Afterwards the violation counts again.",
    enforcer: ENFORCERS.policies,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "a day of the calendar",
        remedy: 'write it as in "2027-03-31", with quotes',
      },
    },
  }),
});

/** What the environment does about rules that its plan breaks. No rule can be switched off: an exception has an owner and an end. */
export const policies = z.strictObject({
  enforcement: z
    .strictObject({
      default: level("How a violated rule is taken, where rules says nothing else of it.").default("mandatory"),
      rules: z
        .record(z.string().regex(ruleFormat), level("How a violation of this rule is taken; its id is the key."))
        .default({}),
    })
    .prefault({}),
  exceptions: z.array(exception).max(500).default([]),
});
