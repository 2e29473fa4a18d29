import { describe, expect, test } from "vitest";
import { texts } from "../../../support/plan.ts";
import type { PlannedPodSpec } from "../../../support/pods.ts";
import { API_SERVER, cloudSeal, DNS, IMAGE, inputsOf, SCRAPER, shamirSeal, transitSeal, vaultOn } from "./world.ts";

interface Workload {
  readonly metadata: { readonly namespace: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly replicas: number;
    readonly podManagementPolicy: string;
    readonly serviceName: string;
    readonly activeDeadlineSeconds?: number;
    readonly persistentVolumeClaimRetentionPolicy: unknown;
    readonly volumeClaimTemplates: readonly { readonly spec: unknown }[];
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>>; readonly labels: unknown };
      readonly spec: PlannedPodSpec & {
        readonly serviceAccountName: string;
        readonly nodeSelector: unknown;
        readonly containers: readonly { readonly command: readonly string[]; readonly env: readonly unknown[] }[];
      };
    };
  };
}

interface Policy {
  readonly spec: {
    readonly podSelector: unknown;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly {
      readonly from: readonly unknown[];
      readonly ports: readonly { readonly port: number }[];
    }[];
    readonly egress?: readonly {
      readonly to: readonly unknown[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

const cloud = await vaultOn(cloudSeal);
const shamir = await vaultOn(shamirSeal);
const transit = await vaultOn(transitSeal);

const servers = inputsOf<Workload>(cloud, "StatefulSet", "vault").spec;
const keeper = inputsOf<Workload>(cloud, "Job", "vault-tenant-keys").spec;

function data(seen: typeof cloud, name = "vault"): Readonly<Record<string, string>> {
  return inputsOf<{ data: Record<string, string> }>(seen, "ConfigMap", name).data;
}

const inVault = (part: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "vault" } },
  podSelector: { matchLabels: { "app.kubernetes.io/component": part } },
});

describe("the pods of the vault", () => {
  test("run the one image by digest, restricted, with no token of Kubernetes that they do not need", () => {
    for (const { spec } of [servers.template, keeper.template]) {
      expect(spec.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect([spec.automountServiceAccountToken, spec.enableServiceLinks, spec.hostNetwork]).toEqual([
        false,
        false,
        undefined,
      ]);
      expect(spec.containers.map(({ image, securityContext }) => [image, securityContext])).toEqual([
        [IMAGE, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } }],
      ]);
    }
    const { metadata } = inputsOf<{ metadata: { labels: unknown } }>(cloud, "Namespace", "vault");
    expect(metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
  });

  test("are three servers on three nodes of the system pool, each with an encrypted volume that outlives it", () => {
    expect([servers.replicas, servers.serviceName, servers.podManagementPolicy]).toEqual([
      3,
      "vault-internal",
      "Parallel",
    ]);
    expect(servers.template.spec.nodeSelector).toEqual({ "breakwater.dev/pool": "system" });
    expect(servers.template.spec.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            labelSelector: { matchLabels: { "app.kubernetes.io/component": "vault" } },
            topologyKey: "kubernetes.io/hostname",
          },
        ],
      },
    });
    expect(servers.volumeClaimTemplates.map(({ spec }) => spec)).toEqual([
      {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "encrypted",
        resources: { requests: { storage: "10Gi" } },
      },
    ]);
    expect(servers.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
    const budget = inputsOf<{ spec: unknown }>(cloud, "PodDisruptionBudget", "vault");
    expect(budget.spec).toMatchObject({ maxUnavailable: 1 });
  });

  test("have names and addresses of their own, and the cloud's identity", () => {
    expect(servers.template.spec.containers[0]?.env).toEqual([
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "BAO_RAFT_NODE_ID", value: "$(POD_NAME)" },
      { name: "BAO_API_ADDR", value: "https://$(POD_NAME).vault-internal.vault.svc.cluster.local:8200" },
      { name: "BAO_CLUSTER_ADDR", value: "https://$(POD_NAME).vault-internal.vault.svc.cluster.local:8201" },
      { name: "AWS_REGION", value: "eu-central-1" },
    ]);
    const account = inputsOf<{ metadata: { annotations: unknown } }>(cloud, "ServiceAccount", "vault");
    expect(account.metadata.annotations).toEqual({ "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/vault" });
  });

  test("are asked by HTTPS: a closed server lives, and only an open one is given requests", () => {
    const [container] = servers.template.spec.containers;
    const asked = (path: string) => ({ httpGet: { path, port: "https", scheme: "HTTPS" } });
    expect(container?.livenessProbe).toMatchObject(
      asked("/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204"),
    );
    expect(container?.readinessProbe).toMatchObject(asked("/v1/sys/health?standbyok=true"));
  });

  test("get their certificate from files that no plan holds; the Job gets the authority alone", () => {
    const tls = inputsOf<{ files: unknown; namespace: string }>(cloud, "SecretFiles", "vault-tls");
    expect([tls.namespace, tls.files]).toEqual([
      "vault",
      {
        "tls.crt": "platform/vault-certificate",
        "tls.key": "platform/vault-certificate-key",
        "ca.crt": "platform/vault-authority",
      },
    ]);
    expect(keeper.template.spec.volumes).toContainEqual({
      name: "authority",
      secret: { secretName: "vault-tls", items: [{ key: "ca.crt", path: "ca.crt" }], defaultMode: 0o440 },
    });
    expect(JSON.stringify(keeper.template.spec)).not.toContain("tls.key");
  });

  test("may ask Kubernetes whose a token is, and nothing else", () => {
    const role = inputsOf<{ rules: unknown }>(cloud, "ClusterRole", "vault");
    expect(role.rules).toEqual([
      { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
    ]);
    const binding = inputsOf<{ subjects: unknown }>(cloud, "ClusterRoleBinding", "vault");
    expect(binding.subjects).toEqual([{ kind: "ServiceAccount", name: "vault", namespace: "vault" }]);
  });

  test("the Job logs in by a token for the vault alone and names every tenant's namespace, in order", () => {
    expect(keeper.template.spec.serviceAccountName).toBe("vault-keeper");
    expect(keeper.template.spec.containers[0]?.command).toEqual([
      "/bin/sh",
      "/etc/openbao/make-keys",
      "tenant-engineering",
      "tenant-marketing",
    ]);
    expect(keeper.template.spec.volumes).toContainEqual({
      name: "login",
      projected: {
        defaultMode: 0o440,
        sources: [{ serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } }],
      },
    });
  });
});

describe("the walls of the vault", () => {
  test("close the namespace but for what is named", () => {
    const closed = inputsOf<Policy>(cloud, "NetworkPolicy", "vault");
    expect(closed.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  test("let front door, router, cells and the vault's own pods to its HTTPS, servers to Raft, Prometheus to metrics", () => {
    const { ingress = [] } = inputsOf<Policy>(cloud, "NetworkPolicy", "vault-servers").spec;
    const shared = (part: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "breakwater" } },
      podSelector: { matchLabels: { "app.kubernetes.io/component": part } },
    });
    expect(ingress).toEqual([
      {
        from: [
          shared("front-door"),
          shared("router"),
          {
            namespaceSelector: { matchExpressions: [{ key: "breakwater.dev/tenant", operator: "Exists" }] },
            podSelector: { matchLabels: { "app.kubernetes.io/component": "cell" } },
          },
          inVault("vault-keeper"),
          inVault("vault"),
        ],
        ports: [{ port: 8200, protocol: "TCP" }],
      },
      { from: [inVault("vault")], ports: [{ port: 8201, protocol: "TCP" }] },
      { from: [SCRAPER], ports: [{ port: 8203, protocol: "TCP" }] },
    ]);
  });

  test("let servers out to names, each other, the API server and the key service only", () => {
    const { egress = [] } = inputsOf<Policy>(cloud, "NetworkPolicy", "vault-servers").spec;
    expect(egress.map(({ to, ports }) => [to, ports.map(({ port }) => port)])).toEqual([
      [[DNS], [53, 53]],
      [[inVault("vault")], [8200]],
      [[inVault("vault")], [8201]],
      [[API_SERVER], [443]],
      [[API_SERVER], [6443]],
      [[{ ipBlock: { cidr: "10.0.3.0/24" } }], [443]],
    ]);
  });

  test("let nothing into the Job, and it only to names and to the vault", () => {
    const { spec } = inputsOf<Policy>(cloud, "NetworkPolicy", "vault-keeper");
    expect([spec.policyTypes, spec.ingress]).toEqual([["Ingress", "Egress"], []]);
    expect((spec.egress ?? []).map(({ to, ports }) => [to, ports.map(({ port }) => port)])).toEqual([
      [[DNS], [53, 53]],
      [[inVault("vault")], [8200]],
    ]);
  });

  test("metrics are nobody's where no one is named", async () => {
    const { ingress = [] } = inputsOf<Policy>(
      await vaultOn(shamirSeal, { scrapers: [] }),
      "NetworkPolicy",
      "vault-servers",
    ).spec;
    expect(ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([8200, 8201]);
  });
});

describe("who opens the vault", () => {
  test("the cloud's key service: by the release that has its seal, and the vault sets itself up", () => {
    expect(data(cloud)["server.hcl"]).toContain('seal "awskms" {');
    expect(data(cloud)["start-vault"]).toContain("exec /opt/openbao/2.6.2/bao server");
    expect(Object.keys(data(cloud, "vault-initialize"))).toEqual(["initialize.hcl"]);
    expect(Object.keys(data(cloud)).sort()).toEqual(["make-keys", "server.hcl", "start-vault"]);
    expect(inputsOf<Workload>(cloud, "StatefulSet", "vault").metadata.annotations).toEqual({});
    expect(keeper.activeDeadlineSeconds).toBe(240);
  });

  test("another vault: its token is a file that only the servers have", () => {
    const { files } = inputsOf<{ files: unknown }>(transit, "SecretFiles", "vault-seal");
    expect(files).toEqual({ token: "platform/vault-transit-token" });
    const pod = inputsOf<Workload>(transit, "StatefulSet", "vault").spec.template.spec;
    expect(pod.volumes).toContainEqual({ name: "seal", secret: { secretName: "vault-seal", defaultMode: 0o440 } });
    expect(pod.containers[0]?.volumeMounts).toContainEqual({
      name: "seal",
      mountPath: "/run/secrets/vault-seal",
      readOnly: true,
    });
    expect(data(transit)["start-vault"]).toContain("/opt/openbao/2.7.2/bao");
  });

  test("people: no seal, no file to initialise by, nothing waits for them, and a script for their first time", () => {
    expect(data(shamir)["server.hcl"]).not.toContain("seal ");
    expect(Object.keys(data(shamir)).sort()).toEqual(["make-keys", "server.hcl", "setup-vault", "start-vault"]);
    expect(shamir.filter(({ name }) => name === "vault-initialize")).toEqual([]);
    const waiting = [
      inputsOf<Workload>(shamir, "StatefulSet", "vault"),
      inputsOf<Workload>(shamir, "Job", "vault-tenant-keys"),
    ];
    for (const { metadata, spec } of waiting) {
      expect([metadata.annotations, spec.activeDeadlineSeconds]).toEqual([
        { "pulumi.com/skipAwait": "true" },
        undefined,
      ]);
    }
  });
});

test("no object holds a credential: secrets are paths, and configuration names files", () => {
  const shapes = [
    /PRIVATE KEY/,
    /\bhvs\./,
    /\bs\.[A-Za-z0-9]{20}/,
    /(access_key|secret_key|password)\s*=/,
    /unseal_key/,
  ];
  for (const { name, type, inputs } of [...cloud, ...shamir, ...transit]) {
    const found = texts(inputs).filter(({ text }) => shapes.some((shape) => shape.test(text)));
    expect([type, name, found]).toEqual([type, name, []]);
  }
  expect([...cloud, ...shamir, ...transit].filter(({ type }) => type === "kubernetes:core/v1:Secret")).toEqual([]);
  const tokens = [cloud, shamir, transit].map((seen) => data(seen)["server.hcl"]?.match(/token = .*/g) ?? []);
  expect(tokens).toEqual([[], [], ['token = "file:///run/secrets/vault-seal/token"']]);
});

test("a new tenant restarts no server", async () => {
  const more = await vaultOn(cloudSeal, { tenants: ["marketing", "engineering", "sales"] });
  const changed = more.filter(({ type, name, inputs }) => {
    const before = cloud.find((resource) => resource.type === type && resource.name === name);
    return JSON.stringify(before?.inputs) !== JSON.stringify(inputs);
  });
  expect(changed.map(({ name }) => name)).toEqual(["vault-tenant-keys"]);
});

test("an even number of servers is refused", async () => {
  await expect(vaultOn(cloudSeal, { replicas: 2 })).rejects.toThrow(
    "[vault/even-replicas] vault.replicas: got 2; expected an odd number",
  );
});
