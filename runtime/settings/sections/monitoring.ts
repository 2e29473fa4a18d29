import { z } from "zod";
import { ENFORCERS, NOT_BUILT } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

const alertsNotYet = { notYet: NOT_BUILT.alertRules };

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

const alertRule = z.strictObject({
  name: leaf(z.string().min(1).max(100), { says: "Name of the alert.", enforcer: alertsNotYet }),
  condition: leaf(z.string().regex(/^[a-z_][a-z0-9_]* *(>=|<=|==|>|<) *\$?\d+(\.\d+)?(%|ms|s)?$/), {
    says: "When the alert fires: metric, comparison, threshold with its unit.",
    enforcer: alertsNotYet,
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
    enforcer: alertsNotYet,
    refusals: {
      invalid_format: { code: "settings/invalid-format", expected: "a duration", remedy: 'write it as in "5m"' },
    },
  }).optional(),
  severity: leaf(z.enum(["critical", "warning", "info"]), { says: "How urgent it is.", enforcer: alertsNotYet }),
  notify: leaf(z.array(z.email()), {
    says: "Who is told.",
    enforcer: alertsNotYet,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "an e-mail address",
        remedy: 'write it as in "ops@example.com"',
      },
    },
  }).default([]),
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
  alerting: z.strictObject({ rules: z.array(alertRule).max(200) }).optional(),
});
