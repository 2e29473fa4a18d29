import { z } from "zod";
import { hasCredentials } from "../../url/index.ts";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { secretLeaf } from "../secrets.ts";

const enforcer = ENFORCERS.auditExport;

const url = (says: string) =>
  leaf(
    z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .refine((text) => !hasCredentials(text)),
    {
      says,
      enforcer,
      refusals: {
        invalid_format: {
          code: "settings/invalid-format",
          expected: "an http or https address",
          remedy: 'write it as in "https://splunk.example.com:8088"',
        },
        custom: {
          code: "settings/plain-secret",
          expected: "an address without user name and password",
          remedy: "take them out and refer to the token as a secret",
        },
      },
    },
  );

const name = leaf(
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
    .max(50),
  {
    says: "Name of this destination, in metrics, file names and messages.",
    enforcer,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "lower-case letters, digits and hyphens",
        remedy: 'write it as in "siem"',
      },
    },
  },
);
const ca = secretLeaf({
  says: "File with the certificate authority of the server; left out: the public ones.",
  enforcer,
}).optional();
const jurisdiction = leaf(z.string().regex(/^[a-z]{2}$/), {
  says: "Country or region whose law the server is under; left out where its name says it, or where no tenant's data is bound to a place.",
  enforcer: ENFORCERS.receiverPlace,
  refusals: {
    invalid_format: {
      code: "settings/invalid-format",
      expected: "two lower-case letters",
      remedy: 'write it as in "kr"',
    },
  },
}).optional();
const index = leaf(z.string().min(1).max(200), { says: "Index that takes the records.", enforcer });
const kind = <Kind extends string>(value: Kind) =>
  leaf(z.literal(value), {
    says: "splunk: HTTP event collector. elasticsearch: its bulk API, or OpenSearch's. syslog: RFC 5424. file: lines of JSON on the audit volume.",
    enforcer,
  });

const destination = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: kind("splunk"),
    name,
    url: url("Address without path."),
    token: secretLeaf({ says: "Token of the event collector.", enforcer }),
    index: index.optional(),
    jurisdiction,
    ca,
  }),
  z.strictObject({
    kind: kind("elasticsearch"),
    name,
    url: url("Address without path."),
    index,
    api_key: secretLeaf({ says: "API key of the server; left out when it asks for none.", enforcer }).optional(),
    jurisdiction,
    ca,
  }),
  z.strictObject({
    kind: kind("syslog"),
    name,
    host: leaf(
      z
        .string()
        .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i)
        .max(253),
      {
        says: "Name or address of the server.",
        enforcer,
      },
    ),
    port: leaf(z.number().int().min(1).max(65_535), { says: "TCP port of the server.", enforcer }),
    transport: leaf(z.enum(["tcp", "tls"]), { says: "Whether the connection is encrypted.", enforcer }),
    jurisdiction,
    ca,
  }),
  z.strictObject({ kind: kind("file"), name }),
]);

/** The record of who did what: kept by front door and model router, each in files of its own. */
export const audit = z.strictObject({
  include_content: leaf(z.boolean(), {
    says: "Whether the text of requests and replies is kept, after redaction.",
    enforcer: ENFORCERS.auditLog,
  }).default(false),
  retention_days: leaf(z.number().int().min(1).max(3650), {
    says: "Days after which a closed file of the log is removed.",
    unit: "days",
    source: "at least 183 in China: Cybersecurity Law as amended 2025, Art. 23(3)",
    enforcer: ENFORCERS.auditRotation,
  }).default(365),
  rotate_mib: leaf(z.number().int().min(1).max(4096), {
    says: "Size at which a file is closed; the chain goes on in the next.",
    unit: "MiB",
    enforcer: ENFORCERS.auditRotation,
  }).default(256),
  exports: z.array(destination).max(16).default([]),
});
