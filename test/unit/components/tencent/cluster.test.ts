import fc from "fast-check";
import { expect, test } from "vitest";
import { Cluster, ClusterAccess, levelFor } from "../../../../components/tencent/cluster.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, DEMAND, ofClass, parts } from "./sample.ts";

const cluster = () =>
  record(() => {
    const context = contextFor();
    const made = parts(context);
    const tke = new Cluster("tke", context, made);
    return new ClusterAccess("access", { cluster: tke, network: made.network, nodes: [] });
  });

test("the cluster answers inside the network and nowhere else", async () => {
  const seen = await cluster();
  expect(at(seen, "KubernetesCluster", "tke").clusterInternet).toBe(false);
  expect(at(seen, "KubernetesClusterEndpoint", "access")).toMatchObject({
    clusterInternet: false,
    clusterIntranet: true,
    clusterIntranetSubnetId: "network-nodes-ap-guangzhou-4-id",
  });
});

test("secrets are encrypted with the company's key before they are written", async () => {
  expect(at(await cluster(), "KubernetesEncryptionProtection", "tke")).toEqual({
    clusterId: "tke-id",
    kmsConfiguration: { keyId: "keys-cluster-id", kmsRegion: "ap-guangzhou" },
  });
});

test("pods have addresses of the nodes' subnets in three zones, and NetworkPolicies have an enforcer", async () => {
  const seen = await cluster();
  expect(at(seen, "KubernetesCluster", "tke")).toMatchObject({
    networkType: "VPC-CNI",
    eniSubnetIds: [4, 6, 7].map((zone) => `network-nodes-ap-guangzhou-${zone}-id`),
    serviceCidr: "172.30.0.0/20",
  });
  expect(ofClass(seen, "KubernetesAddon").map(({ inputs }) => inputs.addonName)).toEqual(["CFS", "NetworkPolicy"]);
});

test("the API server's audit log goes to its topic and outlives the cluster, which cannot be deleted by mistake", async () => {
  expect(at(await cluster(), "KubernetesCluster", "tke")).toMatchObject({
    clusterAudit: { enabled: true, logSetId: "logs-id", topicId: "logs-cluster-id", deleteAuditLogAndTopic: false },
    deletionProtection: true,
    clusterDeployType: "MANAGED_CLUSTER",
    clusterVersion: "1.34.1",
  });
});

test("pods get their identity by tokens of the cluster, and nobody reads its keys without a login", async () => {
  const identity = at(await cluster(), "KubernetesAuthAttachment", "tke");
  expect(identity).toMatchObject({ autoCreateOidcConfig: true, autoInstallPodIdentityWebhookAddon: true });
  expect(identity).not.toHaveProperty("autoCreateDiscoveryAnonymousAuth");
});

test("the level of the control plane takes every node that the pools may grow to", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const nodes = sizes.reduce((sum, size) => sum + size, 0);
      const level = Number(levelFor(sizes.map((max) => ({ max }))).slice(1));
      expect(level).toBeGreaterThanOrEqual(nodes);
    }),
  );
  expect(levelFor(DEMAND.pools)).toBe("L50");
});
