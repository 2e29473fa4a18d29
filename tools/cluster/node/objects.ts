import { createHash } from "node:crypto";
import { network } from "./layout.ts";

/** A Kubernetes object as it is applied. */
export type KubernetesObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
};

export const provisionerName = "breakwater.dev/local";

const dnsLabels = { "k8s-app": "kube-dns", "app.kubernetes.io/name": "coredns" };

/**
 * Names of the cluster and nothing else: a name outside it does not exist, so nothing leaks out through DNS. Two blocks,
 * because within one CoreDNS asks `template` before `kubernetes`, whatever the order here.
 */
const corefile = `cluster.local:53 in-addr.arpa:53 ip6.arpa:53 {
  errors
  health :8080
  ready :8181
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    ttl 5
  }
  loadbalance
}
.:53 {
  errors
  template ANY ANY . {
    rcode NXDOMAIN
  }
}
`;

/** What every cluster of ours holds besides what the components bring themselves. */
export function clusterObjects(dnsImage: string): readonly KubernetesObject[] {
  return [
    { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "gvisor" }, handler: "runsc" },
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "local", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: provisionerName,
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
    ...binding("breakwater:kubelet-client", "system:kubelet-api-admin"),
    ...role("breakwater:kube-router", [
      reads("", ["namespaces", "pods", "services", "nodes", "endpoints"]),
      reads("discovery.k8s.io", ["endpointslices"]),
      reads("networking.k8s.io", ["networkpolicies"]),
    ]),
    ...role("breakwater:provisioner", [
      reads("", ["persistentvolumeclaims"]),
      { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["get", "list", "watch", "create", "delete"] },
    ]),
    ...dnsObjects(dnsImage),
  ];
}

function reads(apiGroup: string, resources: readonly string[]): unknown {
  return { apiGroups: [apiGroup], resources, verbs: ["get", "list", "watch"] };
}

/** A role for one user of the same name. */
function role(user: string, rules: readonly unknown[]): readonly KubernetesObject[] {
  const definition = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: user },
    rules,
  };
  return [definition, ...binding(user, user)];
}

function binding(user: string, clusterRole: string): readonly KubernetesObject[] {
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: user },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    },
  ];
}

function dnsObjects(image: string): readonly KubernetesObject[] {
  const metadata = { name: "coredns", namespace: "kube-system", labels: dnsLabels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "system:coredns" },
      rules: [reads("", ["services", "pods", "namespaces"]), reads("discovery.k8s.io", ["endpointslices"])],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "system:coredns" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
      subjects: [{ kind: "ServiceAccount", name: "coredns", namespace: "kube-system" }],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, name: "kube-dns" },
      spec: {
        clusterIP: network.dnsAddress,
        selector: { "k8s-app": "kube-dns" },
        ports: [
          { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
          { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        ],
      },
    },
    dnsDeployment(image, metadata),
  ];
}

function dnsDeployment(image: string, metadata: Readonly<Record<string, unknown>>): KubernetesObject {
  const probe = (path: string, port: number): unknown => ({ httpGet: { path, port }, periodSeconds: 2 });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: { "k8s-app": "kube-dns" } },
      template: {
        // Another configuration means another pod.
        metadata: { labels: dnsLabels, annotations: { "breakwater.dev/corefile": hashOf(corefile) } },
        spec: {
          serviceAccountName: "coredns",
          priorityClassName: "system-cluster-critical",
          enableServiceLinks: false,
          // Default: its own names must not be asked of itself.
          dnsPolicy: "Default",
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: "RuntimeDefault" },
            sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
          },
          containers: [
            {
              name: "coredns",
              image,
              imagePullPolicy: "Never",
              args: ["-conf", "/etc/coredns/Corefile"],
              ports: [
                { name: "dns", containerPort: 53, protocol: "UDP" },
                { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
              ],
              readinessProbe: probe("/ready", 8181),
              livenessProbe: { ...(probe("/health", 8080) as object), periodSeconds: 10, failureThreshold: 5 },
              resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "170Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
