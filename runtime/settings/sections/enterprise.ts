import { z } from "zod";
import { ENFORCERS, NOT_BUILT } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { compiles } from "../screening-rules.ts";
import { CIPHER_SUITES, DETECTORS, type DetectorName, SCREENING_ACTIONS } from "../services.ts";

const ssoNotYet = { notYet: NOT_BUILT.sso };
const keyCustodyNotYet = { notYet: NOT_BUILT.keyCustody };
const claim = (says: string) => leaf(z.string().min(1).max(500), { says, enforcer: ssoNotYet });

const sso = z.strictObject({
  enabled: leaf(z.boolean(), {
    says: "Whether people sign in at the company's identity provider.",
    enforcer: ssoNotYet,
  }),
  provider: leaf(z.enum(["saml"]), { says: "Protocol of the identity provider.", enforcer: ssoNotYet }),
  metadata_url: leaf(z.url({ protocol: /^https$/ }), {
    says: "Where the identity provider describes itself.",
    enforcer: ssoNotYet,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "an https address",
        remedy: "write the address of the metadata document",
      },
    },
  }),
  attribute_mapping: z.strictObject({
    email: claim("Claim that holds the e-mail address."),
    name: claim("Claim that holds the person's name.").optional(),
    department: claim("Claim that decides the tenant.").optional(),
  }),
});

const role = z.strictObject({
  name: leaf(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/), {
    says: "Name of the role, as API keys carry it.",
    enforcer: ENFORCERS.roles,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "lower-case letters, digits, _ and -, a letter first",
        remedy: 'write it as in "agent_manager"',
      },
    },
  }),
  permissions: leaf(z.array(z.string().regex(/^(\*|[a-z_]+:(\*|[a-z_]+))$/)), {
    says: 'What the role may do, as "area:action"; "*" is everything.',
    enforcer: { ...ENFORCERS.roles, limits: "only the permissions of routes that exist have an effect" },
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: '"area:action", "area:*" or "*"',
        remedy: 'write it as in "agent:chat"',
      },
    },
  }),
});

export const rbac = z.strictObject({
  enabled: leaf(z.boolean(), {
    says: "Whether permissions are checked; a deployment refuses false.",
    enforcer: ENFORCERS.roles,
  }),
  roles: z.array(role).min(1).max(100),
});

const action = () =>
  leaf(z.enum(SCREENING_ACTIONS), {
    says: "redact: mask what was found. block: refuse the whole request. route: send it to the tenant's internal model instead.",
    enforcer: ENFORCERS.screening,
  });

const dlpRule = z.strictObject({
  name: leaf(z.string().min(1).max(100), {
    says: "Name of the rule, as the audit log shows it.",
    enforcer: ENFORCERS.screening,
  }),
  pattern: leaf(z.string().min(1).max(1000).refine(compiles), {
    says: "What the rule finds: a JavaScript regular expression, flag u, that takes linear time.",
    enforcer: ENFORCERS.screening,
    refusals: {
      custom: {
        code: "settings/bad-pattern",
        expected: "a regular expression that compiles with flag u",
        remedy: "correct the expression; in JSON each backslash is written twice",
      },
    },
  }),
  action: action(),
  description: leaf(z.string().max(500), {
    says: "What the rule is for.",
    enforcer: { label: "shown to people" },
  }).optional(),
});

const detector = z.strictObject({
  detector: leaf(z.enum(DETECTORS), {
    says: "Something that Breakwater finds by itself, on normalised text and with its check digits.",
    enforcer: ENFORCERS.screening,
  }),
  action: action(),
});

/** Phone numbers are left out: too many other numbers look like one. */
const DEFAULT_DETECTORS: readonly { detector: DetectorName; action: "redact" | "block" }[] = [
  { detector: "us-ssn", action: "redact" },
  { detector: "payment-card", action: "block" },
  { detector: "kr-rrn", action: "redact" },
  { detector: "cn-resident-id", action: "redact" },
  { detector: "iban", action: "redact" },
  { detector: "secret", action: "redact" },
];

const dlp = z.strictObject({
  enabled: leaf(z.boolean(), { says: "Whether requests and replies are screened.", enforcer: ENFORCERS.screening }),
  rules: z.array(dlpRule).max(200),
  detectors: z
    .array(detector)
    .max(DETECTORS.length)
    .default([...DEFAULT_DETECTORS]),
});

const encryption = z.strictObject({
  at_rest: z.strictObject({
    enabled: leaf(z.boolean(), { says: "Whether stored data is encrypted.", enforcer: ENFORCERS.atRest }),
    algorithm: leaf(z.enum(["AES-256-GCM"]), { says: "Cipher of stored data.", enforcer: keyCustodyNotYet }),
    key_management: leaf(z.enum(["vault"]), {
      says: "Who holds the keys: Vault or OpenBao.",
      enforcer: keyCustodyNotYet,
    }),
  }),
  in_transit: z.strictObject({
    tls_version: leaf(z.enum(["1.3"]), { says: "Lowest TLS version.", enforcer: ENFORCERS.transport }),
    cipher_suites: leaf(z.array(z.enum(CIPHER_SUITES)).min(1), {
      says: "Cipher suites that are offered.",
      source: "RFC 8446, appendix B.4",
      enforcer: ENFORCERS.transport,
    }),
  }),
});

/** Sign-in, roles, screening and encryption. */
export const enterprise = z.strictObject({
  sso: sso.optional(),
  rbac: rbac.optional(),
  data_loss_prevention: dlp.optional(),
  encryption: encryption.optional(),
});
