import { z } from "zod";
import { type Fields, isSet } from "../known.ts";
import type { Check, StackRule } from "../rule.ts";

const EKS = "aws:eks/cluster:Cluster";
const ACK = "alicloud:cs/managedKubernetes:ManagedKubernetes";
const TKE = "tencentcloud:index/kubernetesCluster:KubernetesCluster";
const TKE_ENCRYPTION = "tencentcloud:index/kubernetesEncryptionProtection:KubernetesEncryptionProtection";

/** Taken as it is: only whether a key is named is looked at, because which one is known after an update. */
const holder = z.custom<Fields>((value) => typeof value === "object" && value !== null);
const eks = z.object({
  encryptionConfig: z.object({ provider: holder, resources: z.array(z.string()) }).optional(),
});
const ack = z.object({ disableEncryption: z.boolean().optional() });
const tke = z.object({ kmsConfiguration: holder });

const CHECKS: Readonly<Record<string, Check>> = {
  *[EKS](props) {
    const { encryptionConfig } = eks.parse(props);
    if (encryptionConfig === undefined) yield "encryptionConfig is missing";
    else if (!isSet(encryptionConfig.provider, "keyArn")) yield "encryptionConfig names no key";
    else if (!encryptionConfig.resources.includes("secrets")) yield "encryptionConfig leaves secrets out";
  },
  *[ACK](props) {
    if (!isSet(props, "encryptionProviderKey")) yield "encryptionProviderKey is missing";
    if (ack.parse(props).disableEncryption === true) yield "disableEncryption is true";
  },
  *[TKE_ENCRYPTION](props) {
    if (!isSet(tke.parse(props).kmsConfiguration, "keyId")) yield "kmsConfiguration names no key";
  },
};

/**
 * Whoever reads the disks or a backup of etcd reads every Secret, unless a key of the company's stands between. TKE takes
 * the key by a resource of its own. How a cluster that we did not make keeps its Secrets is not in the plan.
 */
export const k8s001: StackRule = {
  id: "K8S-001",
  subjects: [EKS, ACK, TKE, TKE_ENCRYPTION],
  *check(plan) {
    for (const [type, check] of Object.entries(CHECKS)) {
      for (const { urn, props } of plan.ofType(type)) {
        for (const problem of check(props, plan.facts)) yield { urn, problem };
      }
    }
    if (plan.ofType(TKE_ENCRYPTION).length > 0) return;
    for (const { urn } of plan.ofType(TKE)) yield { urn, problem: "no KubernetesEncryptionProtection is planned" };
  },
};
