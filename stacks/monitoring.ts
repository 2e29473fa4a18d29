import type { Problem } from "@breakwater/runtime/problems";
import type { Settings } from "@breakwater/runtime/settings";
import type { Demand } from "../components/demand.ts";
import type { LogDestination } from "../components/monitoring/log-shipping-values.ts";
import type { MonitoringArgs } from "../components/monitoring/monitoring.ts";
import { alertProblems } from "../components/monitoring/rules/asked.ts";
import { notifiedBy } from "./notified.ts";
import { portOf } from "./urls.ts";

type MonitoringSettings = NonNullable<Settings["monitoring"]>;

/** A month, for what it costs, and two weeks to look back at it. */
const RETENTION_DAYS = 45;

/** GiB of measurements that the platform itself needs, and each tenant: 200 kB a series in 45 days, at 30 s and 1.5 bytes each. */
const BASE_GIB = 30;
const TENANT_GIB = 0.5;

/** Path of the authority of OpenBao's certificate below the environment's secrets folder. */
const VAULT_AUTHORITY_FILE = "platform/vault-authority";

/**
 * Everything that is wrong with what is watched and who is told. Pure.
 *
 * Codes: `monitoring/unknown-metric`, `monitoring/wrong-unit`, `monitoring/unreachable-threshold`,
 * `monitoring/malformed-condition` everywhere; elsewhere than on local also `monitoring/no-mail-server`,
 * `monitoring/half-a-login`, `monitoring/unknown-export`, `monitoring/unsupported-export`.
 */
export function monitoringProblems(settings: Settings): readonly Problem[] {
  const monitoring: MonitoringSettings = settings.monitoring ?? {};
  const elsewhere = settings.deployment.topology !== "local";
  return [
    ...alertProblems(monitoring.alerting?.rules ?? [], "monitoring.alerting.rules"),
    ...(elsewhere ? [...mailProblems(monitoring), ...logProblems(settings), ...chartProblems(settings)] : []),
  ];
}

/**
 * What monitoring an environment gets; undefined on topology local, whose one machine has no room for it. Pure; {@link monitoringProblems} are
 * refused before.
 */
export function monitoringOf(settings: Settings, demand: Demand): Omit<MonitoringArgs, "platform"> | undefined {
  const { deployment, multi_tenant, kubernetes, network } = settings;
  const monitoring: MonitoringSettings = settings.monitoring ?? {};
  const alerts = monitoring.alerting?.rules ?? [];
  if (deployment.topology === "local") return undefined;
  const { existing } = kubernetes;
  return {
    retentionDays: monitoring.retention_days ?? RETENTION_DAYS,
    storageGiB: monitoring.storage_gib ?? Math.ceil(BASE_GIB + multi_tenant.tenants.length * TENANT_GIB),
    alerts,
    budgets: multi_tenant.tenants.map((tenant) => ({
      tenant: tenant.id,
      monthlyUsd: tenant.max_api_budget_monthly_usd,
      alertPercents: tenant.budget_alert_percents,
    })),
    notify: notifiedBy(settings),
    smtp: smtpOf(monitoring),
    // The nodes of an existing cluster are where its API server is, or anywhere in the company's network.
    nodeCidrs: existing === undefined ? [demand.network.cidr] : [existing.api_cidr, ...demand.network.companyCidrs],
    gpu: demand.pools.some(({ gpu }) => gpu !== undefined),
    vault: { authorityFile: VAULT_AUTHORITY_FILE },
    certificates: network.host === undefined ? [] : [`${network.host}:443`],
    logs: logsOf(settings),
    charts: existing?.charts ?? monitoring.charts,
    mirror: existing === undefined ? undefined : () => existing.registry,
  };
}

function smtpOf({ smtp }: MonitoringSettings): MonitoringArgs["smtp"] {
  if (smtp === undefined) return undefined;
  const { host, port, from, username, password } = smtp;
  return {
    host,
    port,
    from,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { passwordFile: password.secret }),
  };
}

/** The destination that `logs_to` names, as log shipping needs it. */
function logsOf(settings: Settings): LogDestination | undefined {
  const destination = settings.audit.exports.find(({ name }) => name === settings.monitoring?.logs_to);
  if (destination === undefined || destination.kind === "file" || destination.kind === "syslog") return undefined;
  const { kind, url, index, ca } = destination;
  return {
    kind,
    host: new URL(url).hostname,
    port: portOf(url),
    isEncrypted: url.startsWith("https:"),
    index: kind === "elasticsearch" ? `${index}-pods` : index,
    tokenFile: kind === "splunk" ? destination.token.secret : undefined,
    authorityFile: ca?.secret,
  };
}

function mailProblems({ alerting, smtp }: MonitoringSettings): readonly Problem[] {
  const rules = alerting?.rules ?? [];
  const told = [...rules.flatMap(({ notify }) => notify), ...(alerting?.notify ?? [])];
  if (smtp === undefined) {
    if (told.length === 0) return [];
    return [
      {
        code: "monitoring/no-mail-server",
        path: "monitoring.smtp",
        got: `nothing, while monitoring.alerting names ${new Set(told).size} address(es)`,
        expected: "a mail server, because an alert that nobody gets is none",
        remedy: "write monitoring.smtp with host, port and from, or take the addresses out",
      },
    ];
  }
  if ((smtp.username === undefined) === (smtp.password === undefined)) return [];
  return [
    {
      code: "monitoring/half-a-login",
      path: smtp.username === undefined ? "monitoring.smtp.username" : "monitoring.smtp.password",
      got: "nothing",
      expected: "username and password together, or neither",
      remedy: "write the one that is missing, or take the other out",
    },
  ];
}

/** Of two mirrors one would be asked by nothing. */
function chartProblems({ monitoring, kubernetes }: Settings): readonly Problem[] {
  if (monitoring?.charts === undefined || kubernetes.existing === undefined) return [];
  return [
    {
      code: "monitoring/two-mirrors",
      path: "monitoring.charts",
      got: monitoring.charts,
      expected: "nothing, because kubernetes.existing.charts is the mirror of all charts",
      remedy: "take it out",
    },
  ];
}

function logProblems({ monitoring, audit }: Settings): readonly Problem[] {
  const wanted = monitoring?.logs_to;
  if (wanted === undefined) return [];
  const path = "monitoring.logs_to";
  const destination = audit.exports.find(({ name }) => name === wanted);
  if (destination === undefined) {
    return [
      {
        code: "monitoring/unknown-export",
        path,
        got: JSON.stringify(wanted),
        expected:
          audit.exports.length === 0
            ? "the name of an entry of audit.exports, which has none"
            : `one of ${audit.exports.map(({ name }) => JSON.stringify(name)).join(", ")}`,
        remedy: "name one of audit.exports, or take it out",
      },
    ];
  }
  const takesLogs =
    destination.kind === "splunk" || (destination.kind === "elasticsearch" && destination.api_key === undefined);
  if (takesLogs) return [];
  return [
    {
      code: "monitoring/unsupported-export",
      path,
      got: `${JSON.stringify(wanted)}, of kind ${destination.kind}${destination.kind === "elasticsearch" ? " with an API key" : ""}`,
      expected:
        "a destination of kind splunk, or of kind elasticsearch without an API key, which Fluent Bit cannot send",
      remedy: "name another destination, or leave the logs on the nodes",
    },
  ];
}
