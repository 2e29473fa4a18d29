import { z } from "zod";
import type { Problems, ResourceRule } from "../rule.ts";

/**
 * Minor versions that each cloud fixes without a surcharge. EKS calendar as of 2026-04-24: 1.34 until 2026-12-02, 1.35
 * until 2027-03-27. ACK: the three newest, read 2026-11-23. TKE: even minors only, 18 months for new clusters
 * (tencentcloud.com/document/product/457/47894, read 2026-11-24). A version that is not here is not known to be in support.
 */
const SUPPORTED = {
  eks: ["1.34", "1.35"],
  ack: ["1.32", "1.33", "1.34"],
  tke: ["1.34"],
} as const;

const versioned = z.object({ version: z.string().optional() });
const eks = versioned.extend({ upgradePolicy: z.object({ supportType: z.string() }).optional() });
const tke = z.object({ clusterVersion: z.string().optional() });

/** What gets no fixes any more is broken into by what is published. On EKS it also costs six times as much. */
export const k8s014: ResourceRule = {
  id: "K8S-014",
  on: {
    *"aws:eks/cluster:Cluster"(props) {
      const { version, upgradePolicy } = eks.parse(props);
      yield* unsupported(version, SUPPORTED.eks);
      if (upgradePolicy?.supportType !== "STANDARD") yield "upgradePolicy.supportType is not STANDARD";
    },
    "alicloud:cs/managedKubernetes:ManagedKubernetes": (props) =>
      unsupported(versioned.parse(props).version, SUPPORTED.ack),
    "tencentcloud:index/kubernetesCluster:KubernetesCluster": (props) =>
      unsupported(tke.parse(props).clusterVersion, SUPPORTED.tke),
  },
};

function* unsupported(version: string | undefined, supported: readonly string[]): Problems {
  const minor = /^\d+\.\d+/.exec(version ?? "")?.[0];
  if (minor !== undefined && supported.includes(minor)) return;
  yield `version is ${version ?? "not named"}; in standard support are ${supported.join(", ")}`;
}
