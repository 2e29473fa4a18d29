import { describe, expect, test } from "vitest";
import { CHART_IMAGES } from "../../../../components/monitoring/images.ts";
import { bare, full, ofType, platform, recorded } from "./fixture.ts";

const everything = await recorded(full);
const least = await recorded(bare);

interface Policy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly from: readonly unknown[]; readonly ports: readonly { port: number }[] }[];
    readonly egress?: readonly { readonly to: readonly unknown[]; readonly ports: readonly { port: number }[] }[];
  };
}

function policies(seen: typeof everything): Readonly<Record<string, Policy>> {
  const all = Object.values(ofType(seen, ":NetworkPolicy")) as unknown as readonly Policy[];
  return Object.fromEntries(all.map((policy) => [`${policy.metadata.namespace}/${policy.metadata.name}`, policy]));
}

function valuesOf(seen: typeof everything, name: string): Record<string, unknown> {
  return ofType(seen, ":Release")[name]?.["values"] as Record<string, unknown>;
}

/** A value deep inside the chart's values. */
function at(values: unknown, path: string): unknown {
  return path.split("/").reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values);
}

describe("the namespace", () => {
  test("takes only restricted pods", () => {
    const { metadata } = ofType(everything, ":Namespace")["monitoring"] as { metadata: { labels: object } };
    expect(metadata).toMatchObject({
      name: "monitoring",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  test("is closed in both directions but for the ways of its parts", () => {
    const walls = policies(least);
    expect(walls["monitoring/default-deny"]?.spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    expect(Object.keys(walls).sort()).toEqual([
      "monitoring/alertmanager",
      "monitoring/default-deny",
      "monitoring/grafana",
      "monitoring/kube-state-metrics",
      "monitoring/prometheus",
      "monitoring/prometheus-operator",
    ]);
    for (const { spec } of Object.values(walls)) expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
  });

  test("lets nobody from outside in", () => {
    const inside = Object.values(policies(everything)).flatMap(({ spec }) => spec.ingress ?? []);
    for (const { from } of inside) {
      expect(from.length).toBeGreaterThan(0);
      for (const peer of from) expect(Object.keys(peer as object)).toEqual(["podSelector"]);
    }
  });

  test("Grafana reaches Prometheus and DNS, and nobody reaches Grafana over the network", () => {
    expect(policies(everything)["monitoring/grafana"]?.spec).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "grafana" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        {
          to: [platform.dns],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
        {
          to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } }],
          ports: [{ port: 9090, protocol: "TCP" }],
        },
      ],
    });
  });

  test("Prometheus reaches what it reads, by its port, and no address outside the cluster's network", () => {
    const ways = policies(everything)["monitoring/prometheus"]?.spec.egress ?? [];
    const ports = ways.flatMap(({ ports }) => ports.map(({ port }) => port));
    expect([...new Set(ports)].sort((a, b) => a - b)).toEqual([
      53, 443, 6443, 8080, 8081, 8203, 9090, 9093, 9115, 9400, 10_250, 18_790,
    ]);
    const blocks = ways.flatMap(({ to, ports }) =>
      to.flatMap((peer) => {
        const { ipBlock } = peer as { ipBlock?: { cidr: string } };
        return ipBlock === undefined ? [] : [[ports[0]?.port, ipBlock.cidr]];
      }),
    );
    expect(blocks).toEqual([
      [443, "10.64.0.0/28"],
      [6443, "10.64.0.0/28"],
      [10_250, "10.64.0.0/16"],
    ]);
  });

  test("without vault, GPUs and certificates Prometheus has no way there", () => {
    const ports = (policies(least)["monitoring/prometheus"]?.spec.egress ?? []).flatMap(({ ports }) => ports);
    for (const { port } of ports) expect([8203, 9400, 9115]).not.toContain(port);
  });

  test("Alertmanager reaches the mail server's port and nothing of the cluster; without mail it reaches nothing", () => {
    const [, mail, ...rest] = policies(everything)["monitoring/alertmanager"]?.spec.egress ?? [];
    expect(rest).toEqual([]);
    expect(mail).toEqual({
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: platform.internalCidrs } }],
      ports: [{ port: 465, protocol: "TCP" }],
    });
    expect(policies(least)["monitoring/alertmanager"]?.spec.egress).toEqual([]);
  });
});

describe("the charts", () => {
  test("are pinned and come from their publishers", () => {
    const { monitoring, "monitoring-prober": prober, "monitoring-logs": logs } = ofType(everything, ":Release");
    expect(monitoring).toMatchObject({
      chart: "kube-prometheus-stack",
      version: "89.2.3",
      namespace: "monitoring",
      repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
    });
    expect(prober).toMatchObject({ chart: "prometheus-blackbox-exporter", version: "11.17.2" });
    expect(logs).toMatchObject({ chart: "fluent-bit", version: "0.56.0", namespace: "logs" });
  });

  test.each([
    ["https://charts.example.com/all", "kube-prometheus-stack", { repo: "https://charts.example.com/all" }],
    ["oci://registry.example.com/charts", "oci://registry.example.com/charts/kube-prometheus-stack", undefined],
  ])("with the mirror %s nothing comes from outside", async (charts, chart, repositoryOpts) => {
    const seen = await recorded({ ...full, charts });
    expect(ofType(seen, ":Release")["monitoring"]).toMatchObject({ chart });
    for (const [name, release] of Object.entries(ofType(seen, ":Release"))) {
      expect([name, release["repositoryOpts"]]).toEqual([name, repositoryOpts]);
      expect(release["chart"]).not.toContain("github.io");
    }
  });

  test("with a mirror every image comes from it, each from what stands in for its own registry", async () => {
    const mirror = (upstream: string) => `registry.example.com/mirror-${upstream}`;
    const releases = JSON.stringify(ofType(await recorded({ ...full, mirror }), ":Release"));
    for (const { upstream, repository } of Object.values(CHART_IMAGES)) {
      const apart = `"registry":"${mirror(upstream)}","repository":"${repository}"`;
      const orders = [apart, `"repository":"${repository}","registry":"${mirror(upstream)}"`];
      const whole = `"repository":"${mirror(upstream)}/${repository}"`;
      expect([repository, [...orders, whole].some((text) => releases.includes(text))]).toEqual([repository, true]);
    }
  });

  test("are ordered: walls and secrets first, rules after the objects that they are kinds of", () => {
    const names = everything.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    expect(names.indexOf("NetworkPolicy monitoring-prometheus")).toBeLessThan(names.indexOf("Release monitoring"));
    expect(names.indexOf("SecretFiles monitoring-grafana")).toBeLessThan(names.indexOf("Release monitoring"));
  });
});

describe("Grafana", () => {
  const grafana = at(valuesOf(everything, "monitoring"), "grafana");

  test("lets nobody in without signing in, and nobody make an account", () => {
    expect(at(grafana, "grafana.ini/auth.anonymous")).toEqual({ enabled: false });
    expect(at(grafana, "grafana.ini/users")).toEqual({ allow_sign_up: false, allow_org_create: false });
    expect(at(grafana, "grafana.ini/public_dashboards/enabled")).toBe(false);
    expect(at(grafana, "ingress/enabled")).toBe(false);
  });

  test("has a password of the environment's own file, never the chart's", () => {
    expect(at(grafana, "admin")).toEqual({ existingSecret: "grafana-admin", passwordKey: "password" });
    expect(ofType(everything, ":SecretFiles")["monitoring-grafana"]).toMatchObject({
      name: "grafana-admin",
      namespace: "monitoring",
      files: { password: "platform/grafana-admin-password" },
    });
    expect(at(grafana, "adminPassword")).toBeUndefined();
  });

  test("shows our dashboards and none of the chart's, and holds no token of the cluster", () => {
    expect(at(grafana, "defaultDashboardsEnabled")).toBe(false);
    expect(at(grafana, "sidecar/dashboards/enabled")).toBe(false);
    expect(at(grafana, "automountServiceAccountToken")).toBe(false);
    expect(at(grafana, "dashboardsConfigMaps")).toEqual({ breakwater: "dashboards" });
  });

  test("asks nobody outside for anything", () => {
    expect(at(grafana, "grafana.ini/analytics")).toEqual({
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
    });
    expect(at(grafana, "grafana.ini/plugins/preinstall_disabled")).toBe(true);
    expect(at(grafana, "grafana.ini/snapshots/external_enabled")).toBe(false);
  });
});

describe("Prometheus", () => {
  const spec = at(valuesOf(everything, "monitoring"), "prometheus/prometheusSpec");

  test("keeps what it measured as long as asked, on the platform's storage, and less when the volume fills", () => {
    expect(at(spec, "retention")).toBe("45d");
    expect(at(spec, "retentionSize")).toBe("34GiB");
    expect(at(spec, "storageSpec/volumeClaimTemplate/spec")).toEqual({
      storageClassName: "encrypted",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "40Gi" } },
    });
  });

  test("runs on the system nodes", () => {
    expect(at(spec, "nodeSelector")).toEqual({ "breakwater.dev/pool": "system" });
  });

  test("takes no rule and no target that a tenant's namespace holds", () => {
    const own = { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } };
    for (const what of ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"]) {
      expect([what, at(spec, `${what}NamespaceSelector`)]).toEqual([what, own]);
    }
  });

  test("reads front door and router on their operations ports, by names that outlive a pod", () => {
    const jobs = at(spec, "additionalScrapeConfigs") as readonly Record<string, unknown>[];
    const own = jobs.filter(({ job_name }) => job_name === "front-door" || job_name === "router");
    expect(own.map(({ relabel_configs }) => relabel_configs)).toEqual(
      [18_790, 8081].map((port) => [
        { source_labels: ["__meta_kubernetes_pod_container_port_number"], regex: String(port), action: "keep" },
        { source_labels: ["__meta_kubernetes_pod_name"], target_label: "instance" },
      ]),
    );
    expect(own.map(({ kubernetes_sd_configs }) => kubernetes_sd_configs)).toEqual(
      ["front-door", "router"].map((part) => [
        {
          role: "pod",
          namespaces: { names: ["breakwater"] },
          selectors: [{ role: "pod", label: `app.kubernetes.io/component=${part}` }],
        },
      ]),
    );
  });

  test("reads the vault over TLS, by the name that its certificate is for", () => {
    const jobs = at(spec, "additionalScrapeConfigs") as readonly Record<string, unknown>[];
    expect(jobs.find(({ job_name }) => job_name === "openbao")).toMatchObject({
      scheme: "https",
      tls_config: {
        ca_file: "/etc/prometheus/secrets/vault-authority/ca.crt",
        server_name: "vault.vault.svc.cluster.local",
      },
    });
    expect(at(spec, "secrets")).toEqual(["vault-authority"]);
  });

  test("an environment without vault, GPUs and certificates reads none", () => {
    const bareSpec = at(valuesOf(least, "monitoring"), "prometheus/prometheusSpec");
    const jobs = at(bareSpec, "additionalScrapeConfigs") as readonly Record<string, unknown>[];
    expect(jobs.map(({ job_name }) => job_name)).toEqual(["front-door", "router"]);
    expect(at(bareSpec, "secrets")).toBeUndefined();
  });
});

describe("rules and receivers", () => {
  test("each group is one PrometheusRule that Prometheus selects", () => {
    const rules = ofType(everything, ":PrometheusRule");
    expect(Object.keys(rules)).toEqual([
      "monitoring-breakwater-month-cost",
      "monitoring-breakwater-asked",
      "monitoring-breakwater-budgets",
      "monitoring-breakwater-own",
    ]);
    const selector = at(valuesOf(everything, "monitoring"), "prometheus/prometheusSpec/ruleSelector/matchLabels");
    for (const rule of Object.values(rules)) {
      expect(at(rule, "metadata/namespace")).toBe("monitoring");
      expect(at(rule, "metadata/labels")).toMatchObject(selector as object);
      expect(at(rule, "spec/groups")).toHaveLength(1);
    }
  });

  test("the three alerts of the settings are there with their urgency and receivers", () => {
    const [group] = at(ofType(everything, ":PrometheusRule")["monitoring-breakwater-asked"], "spec/groups") as [object];
    expect(group).toMatchObject({
      rules: [
        { alert: "high_error_rate", for: "5m", labels: { severity: "critical", receiver: "ops-team@company.com" } },
        { alert: "high_latency", for: "10m", labels: { severity: "warning" } },
        { alert: "budget_threshold", labels: { severity: "warning", receiver: "finance@company.com" } },
      ],
    });
  });

  test("an environment that asks for no alert has no empty group, and still watches itself", () => {
    expect(Object.keys(ofType(least, ":PrometheusRule"))).toEqual([
      "monitoring-breakwater-month-cost",
      "monitoring-breakwater-own",
    ]);
  });

  test("the mail server's password is named by its file and stands nowhere", () => {
    const config = at(valuesOf(everything, "monitoring"), "alertmanager/config");
    expect(at(config, "global")).toEqual({
      resolve_timeout: "5m",
      smtp_smarthost: "mail.company.com:465",
      smtp_from: "breakwater@company.com",
      smtp_require_tls: true,
      smtp_auth_username: "breakwater",
      smtp_auth_password_file: "/etc/alertmanager/secrets/smtp/password",
    });
    expect(at(valuesOf(everything, "monitoring"), "alertmanager/alertmanagerSpec/secrets")).toEqual(["smtp"]);
    expect(ofType(everything, ":SecretFiles")["monitoring-smtp"]).toMatchObject({
      name: "smtp",
      namespace: "monitoring",
      files: { password: "SMTP_PASSWORD" },
    });
  });
});
