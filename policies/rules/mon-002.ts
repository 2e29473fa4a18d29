import { z } from "zod";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const EKS = "aws:eks/cluster:Cluster";
const ACK = "alicloud:cs/managedKubernetes:ManagedKubernetes";
const TKE = "tencentcloud:index/kubernetesCluster:KubernetesCluster";
const DETECTOR = "aws:guardduty/detector:Detector";
const FEATURE = "aws:guardduty/detectorFeature:DetectorFeature";
const SECURITY_CENTER = "alicloud:threatdetection/instance:Instance";

/** License of Tencent's host security. */
const HOST_SECURITY = "tencentcloud:index/cwpLicenseOrder:CwpLicenseOrder";

const detector = z.object({ enable: z.boolean().default(true) });
const feature = z.object({ name: z.string(), status: z.string() });

/** GuardDuty's eyes on the cluster: what its API is asked, and what its nodes do. EKS_RUNTIME_MONITORING is the older name. */
const FEATURES = [["EKS_AUDIT_LOGS"], ["RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"]] as const;

/**
 * Walls are tried before they fall, and somebody has to notice. On a cluster that we did not make, that is its owner.
 */
export const mon002: StackRule = {
  id: "MON-002",
  subjects: [EKS, ACK, TKE],
  *check(plan) {
    yield* guardDuty(plan);
    for (const { urn } of plan.ofType(ACK)) {
      if (plan.ofType(SECURITY_CENTER).length === 0) yield { urn, problem: "no Security Center instance is planned" };
    }
    for (const { urn } of plan.ofType(TKE)) {
      if (plan.ofType(HOST_SECURITY).length === 0) yield { urn, problem: "no license of host security is planned" };
    }
  },
};

function* guardDuty(plan: Plan): Iterable<StackProblem> {
  const on = plan.ofType(DETECTOR).some(({ props }) => detector.parse(props).enable);
  const enabled = plan
    .ofType(FEATURE)
    .map(({ props }) => feature.parse(props))
    .filter(({ status }) => status === "ENABLED")
    .map(({ name }) => name);
  for (const { urn } of plan.ofType(EKS)) {
    if (!on) yield { urn, problem: "no GuardDuty detector is enabled" };
    for (const names of FEATURES) {
      if (!names.some((name) => enabled.includes(name)))
        yield { urn, problem: `GuardDuty does not look at ${names[0]}` };
    }
  }
}
