import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { secretLeaf } from "../secrets.ts";

const alerts = ENFORCERS.alertRules;

const customMetric = z.strictObject({
  name: leaf(z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/), {
    says: "Name of the metric.",
    source: "OpenClaw 2026.9.6 has none of the source's three names, so front door and router emit them",
    enforcer: { ...ENFORCERS.metrics, limits: "the source's three metrics exist; another name is made by nothing" },
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "a Prometheus metric name",
        remedy: "use letters, digits, _ and :, no digit first",
      },
    },
  }),
  type: leaf(z.enum(["counter", "gauge", "histogram", "summary"]), {
    says: "Kind of the metric in Prometheus.",
    enforcer: { label: "shown to people" },
  }),
  description: leaf(z.string().max(500), {
    says: "What the metric counts.",
    enforcer: { label: "shown to people" },
  }).optional(),
});

const address = {
  code: "settings/invalid-format",
  expected: "an e-mail address",
  remedy: 'write it as in "ops@example.com"',
} as const;

const addresses = (says: string) =>
  leaf(z.array(z.email()), { says, enforcer: alerts, refusals: { invalid_format: address } });

const alertRule = z.strictObject({
  name: leaf(z.string().min(1).max(100), { says: "Name of the alert.", enforcer: alerts }),
  condition: leaf(z.string().regex(/^[a-z_][a-z0-9_]* *(>=|<=|==|>|<) *\$?\d+(\.\d+)?(%|ms|s)?$/), {
    says: "When the alert fires: metric, comparison, threshold with its unit.",
    enforcer: alerts,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "a metric, a comparison and a threshold",
        remedy: 'write it as in "error_rate > 5%"',
      },
    },
  }),
  for: leaf(z.string().regex(/^[1-9]\d*[smhd]$/), {
    says: "How long the condition must hold.",
    enforcer: alerts,
    refusals: {
      invalid_format: { code: "settings/invalid-format", expected: "a duration", remedy: 'write it as in "5m"' },
    },
  }).optional(),
  severity: leaf(z.enum(["critical", "warning", "info"]), { says: "How urgent it is.", enforcer: alerts }),
  notify: addresses("Who is told.").default([]),
});

/** The mail server that alerts leave by. */
const smtp = z.strictObject({
  host: leaf(z.hostname().max(253), {
    says: "Name of the mail server that alerts leave by.",
    enforcer: alerts,
  }),
  port: leaf(z.number().int().min(1).max(65_535), {
    says: "TCP port of the mail server: 465 speaks TLS at once, any other by STARTTLS; without TLS nothing is sent.",
    enforcer: alerts,
  }).default(587),
  from: leaf(z.email(), {
    says: "Address that alerts are from.",
    enforcer: alerts,
    refusals: { invalid_format: address },
  }),
  username: leaf(z.string().min(1).max(253), {
    says: "User at the mail server; left out: it asks for none.",
    enforcer: alerts,
  }).optional(),
  password: secretLeaf({
    says: "Password at the mail server; left out: it asks for none.",
    enforcer: alerts,
  }).optional(),
});

/** What is measured and who is told. */
export const monitoring = z.strictObject({
  metrics: z
    .strictObject({
      enabled: leaf(z.boolean(), {
        says: "Whether metrics are offered.",
        enforcer: { ...ENFORCERS.metrics, limits: "they are offered whatever is set" },
      }),
      export: leaf(z.enum(["prometheus"]), { says: "Format of the metrics.", enforcer: ENFORCERS.metrics }),
      endpoint: leaf(z.enum(["/metrics"]), {
        says: "Path at which metrics are read: for keys with metrics:view on the front door, for the cluster on the services' second port.",
        enforcer: ENFORCERS.metrics,
      }),
      custom_metrics: z.array(customMetric).max(200).default([]),
    })
    .optional(),
  alerting: z
    .strictObject({
      rules: z.array(alertRule).max(200),
      notify: addresses(
        "Who is told of what the platform watches of itself; left out: everyone whom a rule names.",
      ).optional(),
    })
    .optional(),
  smtp: smtp.optional(),
  retention_days: leaf(z.number().int().min(33).max(730), {
    says: "Days that measurements are kept.",
    unit: "days",
    source: "the cost of a month is read from its own measurements, so that a month and a day must be there",
    enforcer: alerts,
  }).optional(),
  storage_gib: leaf(z.number().int().min(10).max(4096), {
    says: "Volume of the measurements; when it is full the oldest go first, whatever retention_days says.",
    unit: "GiB",
    enforcer: alerts,
  }).optional(),
  logs_to: leaf(z.string().min(1).max(50), {
    says: "Name of the destination of audit.exports that takes the logs of the platform's own pods; left out: they stay on the nodes.",
    enforcer: ENFORCERS.podLogs,
  }).optional(),
  charts: leaf(z.url({ protocol: /^(https|oci)$/ }).max(500), {
    says: "Mirror of monitoring's Helm charts inside the company's network; left out: each publisher's own repository and, on an existing cluster, kubernetes.existing.charts.",
    enforcer: ENFORCERS.monitoringCharts,
  }).optional(),
});
