import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type { ComponentResourceOptions, CustomResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { restrictedNamespaceLabels } from "../agents/pod-security.ts";
import { defaultDeny, waysPolicy } from "../agents/reach.ts";
import { Component } from "../component.ts";
import type { Platform } from "../platform.ts";
import { alertmanagerConfig, SMTP_SECRET, type Smtp } from "./alertmanager-config.ts";
import { CHARTS, chartSource, INSTALL_SECONDS } from "./charts.ts";
import { dashboardFiles } from "./dashboards/index.ts";
import { DASHBOARDS_CONFIG_MAP, GRAFANA_SECRET, grafanaValues } from "./grafana-values.ts";
import type { Mirror } from "./images.ts";
import { LogShipping } from "./log-shipping.ts";
import type { LogDestination } from "./log-shipping-values.ts";
import { MONITORING_LABELS, MONITORING_NAMESPACE, type MonitoringPart, POD_LABELS } from "./names.ts";
import { proberValues } from "./prober-values.ts";
import type { AskedAlert } from "./rules/asked.ts";
import type { TenantBudget } from "./rules/budgets.ts";
import { ruleGroups } from "./rules/index.ts";
import { scrapeConfigs, VAULT_SECRET } from "./scrapes.ts";
import { stackValues } from "./stack-values.ts";
import { monitoringWays } from "./walls.ts";

/** Path of the administrator's password below the environment's secrets folder. */
const GRAFANA_PASSWORD_FILE = "platform/grafana-admin-password";

/** What monitoring needs, as plain data. Files are paths below the environment's secrets folder. */
export interface MonitoringArgs {
  readonly platform: Platform;
  readonly retentionDays: number;
  /** Volume of Prometheus, in GiB. */
  readonly storageGiB: number;
  /** Alerts of the settings. */
  readonly alerts: readonly AskedAlert[];
  /** Budgets of the tenants. */
  readonly budgets: readonly TenantBudget[];
  /** Who is told of what the platform watches of itself. */
  readonly notify: readonly string[];
  /** Undefined where nobody is told of anything. */
  readonly smtp: Smtp | undefined;
  /** Ranges that have the nodes' addresses: Prometheus reads their kubelets. */
  readonly nodeCidrs: readonly string[];
  /** Whether GPUs are measured. */
  readonly gpu: boolean;
  /** Undefined: there is no vault. */
  readonly vault: { readonly authorityFile: string } | undefined;
  /** Addresses whose certificates are watched, `host:port`. */
  readonly certificates: readonly string[];
  /** Where the logs of the platform's pods go; undefined: they stay on the nodes. */
  readonly logs: LogDestination | undefined;
  /** Mirror of the charts inside the company network, https or oci. @default each publisher's own repository */
  readonly charts: string | undefined;
  /** Where the charts' images come from. @default the publishers' own registries */
  readonly mirror: Mirror | undefined;
}

/**
 * Prometheus, Alertmanager and Grafana in the cluster, with our own scrapes, rules, receivers and dashboards, behind walls
 * that name every way. Nothing of it is reachable from outside the cluster but by a forwarded port.
 *
 * Children: Namespace, a default-deny NetworkPolicy and one for each part, Secrets (through the platform: Grafana's
 * password, and where there are such the mail server's and the vault's authority), ConfigMap of dashboards, Release of kube-prometheus-stack, Release of the
 * prober where certificates are watched, one PrometheusRule a group, {@link LogShipping} where logs are shipped.
 * Cost: two volumes; about 2 GiB of memory on the system nodes.
 * Checked by: test/unit/components/monitoring, test/service/alerts.test.ts.
 */
export class Monitoring extends Component {
  constructor(name: string, args: MonitoringArgs, opts?: ComponentResourceOptions) {
    super("breakwater:monitoring:Monitoring", name, opts);
    const space = new Namespace(
      name,
      {
        metadata: { name: MONITORING_NAMESPACE, labels: { ...MONITORING_LABELS, ...restrictedNamespaceLabels } },
      },
      this.child(),
    );
    const walls = this.#walls(name, args, space);
    const dashboards = new ConfigMap(
      `${name}-dashboards`,
      {
        metadata: { name: DASHBOARDS_CONFIG_MAP, namespace: MONITORING_NAMESPACE, labels: MONITORING_LABELS },
        data: dashboardFiles(args),
      },
      this.child(space),
    );
    const stack = this.#stack(name, args, [...walls, dashboards]);
    if (args.certificates.length > 0) this.#prober(name, args, walls);
    for (const group of ruleGroups(args)) {
      new CustomResource(
        `${name}-${group.name}`,
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PrometheusRule",
          metadata: { name: group.name, namespace: MONITORING_NAMESPACE, labels: MONITORING_LABELS },
          spec: { groups: [group] },
        },
        this.child(stack),
      );
    }
    const { platform, logs: destination, charts, mirror } = args;
    if (destination !== undefined) {
      new LogShipping(`${name}-logs`, { platform, destination, charts, mirror }, { parent: this });
    }
    this.registerOutputs();
  }

  #walls(name: string, args: MonitoringArgs, space: Namespace) {
    const { platform, nodeCidrs, gpu, vault, certificates, smtp } = args;
    const ways = monitoringWays({
      platform,
      nodeCidrs,
      gpu,
      vault: vault !== undefined,
      probedPorts: certificates.map((address) => Number(address.slice(address.lastIndexOf(":") + 1))),
      smtpPort: smtp?.port,
    });
    return [
      defaultDeny(name, MONITORING_NAMESPACE, this.child(space)),
      ...Object.entries(ways).map(([part, way]) =>
        waysPolicy(
          `${name}-${part}`,
          { name: part, namespace: MONITORING_NAMESPACE, pods: POD_LABELS[part as MonitoringPart], ...way },
          this.child(space),
        ),
      ),
    ];
  }

  #stack(name: string, args: MonitoringArgs, after: readonly Resource[]): Release {
    const { platform, smtp, vault, charts, mirror } = args;
    const placement = platform.placement("system");
    const secret = (role: string, { name: made, key }: { readonly name: string; readonly key: string }, file: string) =>
      platform.secretFiles(
        `${name}-${role}`,
        { namespace: MONITORING_NAMESPACE, name: made, files: { [key]: file } },
        this.child([...after]),
      );
    const grafana = secret("grafana", GRAFANA_SECRET, GRAFANA_PASSWORD_FILE);
    const mail = smtp?.passwordFile === undefined ? undefined : secret("smtp", SMTP_SECRET, smtp.passwordFile);
    const authority = vault === undefined ? undefined : secret("vault", VAULT_SECRET, vault.authorityFile);
    const recipients = [args.notify, ...args.alerts.map(({ notify }) => notify)];
    return new Release(
      name,
      {
        ...chartSource(CHARTS.stack, charts),
        name: MONITORING_NAMESPACE,
        namespace: MONITORING_NAMESPACE,
        timeout: INSTALL_SECONDS,
        values: stackValues({
          placement,
          storageClass: platform.storageClass,
          storageGiB: args.storageGiB,
          retentionDays: args.retentionDays,
          mirror,
          scrapes: scrapeConfigs({ ...args, vault: vault !== undefined }),
          alertmanager: alertmanagerConfig(recipients, smtp),
          smtpFingerprint: mail?.fingerprint,
          vaultFingerprint: authority?.fingerprint,
          grafana: grafanaValues({ placement, mirror, secretsFingerprint: grafana.fingerprint }),
        }),
      },
      this.#patient([...after, ...[grafana, mail, authority].filter((made) => made !== undefined)]),
    );
  }

  #prober(name: string, { platform, charts, mirror }: MonitoringArgs, after: readonly Resource[]): void {
    new Release(
      `${name}-prober`,
      {
        ...chartSource(CHARTS.prober, charts),
        name: "prober",
        namespace: MONITORING_NAMESPACE,
        timeout: INSTALL_SECONDS,
        values: proberValues({ placement: platform.placement("system"), mirror }),
      },
      this.#patient(after),
    );
  }

  #patient(after: readonly Resource[]): CustomResourceOptions {
    const longest = `${INSTALL_SECONDS + 60}s`;
    return { ...this.child([...after]), customTimeouts: { create: longest, update: longest, delete: "10m" } };
  }
}
