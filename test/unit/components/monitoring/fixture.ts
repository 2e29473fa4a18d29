import type { MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import { Monitoring, type MonitoringArgs } from "../../../../components/monitoring/monitoring.ts";
import type { Platform } from "../../../../components/platform.ts";
import { poolPlacement } from "../../../../components/pools.ts";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { record } from "../../../support/record.ts";

/** A platform with pools, of which monitoring reads only some fields. */
export const platform: Platform = {
  image: (name) => `registry.example.com/${name}@sha256:${"0".repeat(64)}`,
  secretFiles: (name, args, opts) => new SecretFiles(name, args, opts),
  database: {
    port: 5432,
    name: "breakwater",
    peers: [],
    authority: "own",
    create: () => ({ ready: undefined as never, host: "" }),
  },
  storageClass: "encrypted",
  sharedStorageClass: "shared",
  sandboxRuntimeClass: "gvisor",
  placement: poolPlacement,
  scratchVolume: () => ({}),
  dns: { podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
  apiServer: [{ ipBlock: { cidr: "10.64.0.0/28" } }],
  entry: { type: "ClusterIP", peers: [] },
  internalCidrs: ["10.64.0.0/16", "169.254.0.0/16"],
};

/** Everything that monitoring can have. */
export const full: MonitoringArgs = {
  platform,
  retentionDays: 45,
  storageGiB: 40,
  alerts: [
    {
      name: "high_error_rate",
      condition: "error_rate > 5%",
      for: "5m",
      severity: "critical",
      notify: ["ops-team@company.com"],
    },
    { name: "high_latency", condition: "p99_response_time > 10s", for: "10m", severity: "warning", notify: [] },
    {
      name: "budget_threshold",
      condition: "monthly_llm_cost > $800",
      severity: "warning",
      notify: ["finance@company.com"],
    },
  ],
  budgets: [
    { tenant: "marketing", monthlyUsd: 200, alertPercents: [80, 100] },
    { tenant: "engineering", monthlyUsd: 500, alertPercents: [80, 100] },
  ],
  notify: ["ops-team@company.com"],
  smtp: {
    host: "mail.company.com",
    port: 465,
    from: "breakwater@company.com",
    username: "breakwater",
    passwordFile: "SMTP_PASSWORD",
  },
  nodeCidrs: ["10.64.0.0/16"],
  gpu: true,
  vault: { authorityFile: "platform/vault-authority" },
  certificates: ["agents.company.com:443"],
  logs: {
    kind: "splunk",
    host: "splunk.company.com",
    port: 8088,
    isEncrypted: true,
    index: undefined,
    tokenFile: "SPLUNK_TOKEN",
    authorityFile: "SPLUNK_CA",
  },
  charts: undefined,
  mirror: undefined,
};

/** The least that an environment has. */
export const bare: MonitoringArgs = {
  ...full,
  alerts: [],
  budgets: [],
  notify: [],
  smtp: undefined,
  gpu: false,
  vault: undefined,
  certificates: [],
  logs: undefined,
};

export function recorded(args: MonitoringArgs): Promise<readonly MockResourceArgs[]> {
  return record(() => new Monitoring("monitoring", args));
}

/** Recorded objects of a type that ends so, such as `:NetworkPolicy`, by their logical names. */
export function ofType(
  seen: readonly MockResourceArgs[],
  ending: string,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    seen.filter(({ type }) => type.endsWith(ending)).map(({ name, inputs }) => [name, inputs as never]),
  );
}
