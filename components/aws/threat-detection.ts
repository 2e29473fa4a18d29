import { Detector } from "@pulumi/aws/guardduty/detector.js";
import { DetectorFeature } from "@pulumi/aws/guardduty/detectorFeature.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { type AwsContext, named, type PlainContext, tagged } from "./context.ts";

/**
 * What GuardDuty looks at beside the account's own trail (types of @pulumi/aws 7.48.0, read 2026-11-30). Of China's
 * documentation only these two could be read (amazonaws.cn/en/documentation-overview/guardduty, 2026-11-30), so that no
 * other is asked for there.
 */
const WATCHED = {
  aws: ["EKS_AUDIT_LOGS", "S3_DATA_EVENTS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "RUNTIME_MONITORING"],
  "aws-cn": ["EKS_AUDIT_LOGS", "S3_DATA_EVENTS"],
} as const;

/** The add-on that watches what nodes do, and the service that it reports to, as its endpoint is called. */
export const AGENT = { addon: "aws-guardduty-agent", endpoint: "guardduty-data" } as const;

/** Whether GuardDuty's agent is on the nodes: it is whoever's detector it reports to. */
export function watchesNodes({ partition }: Pick<PlainContext, "partition">): boolean {
  return WATCHED[partition.arn].some((feature) => feature === "RUNTIME_MONITORING");
}

/**
 * Who looks for trouble in the account, in what the cluster's API is asked and in what its nodes do. An account has one
 * detector a region: where it has it already, `deployment.account_has` says so, and none is made.
 *
 * Makes `${name}` (Detector) and `${name}-<feature>` (DetectorFeature). Cost: by events, GB and vCPUs, price not known here.
 * Checked by: test/unit/components/aws/threat-detection.test.ts.
 */
export function detectThreats(name: string, context: AwsContext, opts: CustomResourceOptions): void {
  if (context.demand.accountHas.includes("threat-detection")) return;
  const tags = tagged(context, named(context, "trail", "trail"));
  const detector = new Detector(name, { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES", tags }, opts);
  for (const feature of WATCHED[context.partition.arn]) {
    new DetectorFeature(
      `${name}-${feature}`,
      { detectorId: detector.id, name: feature, status: "ENABLED", ...agentOf(feature) },
      opts,
    );
  }
}

/** The agent is an add-on of ours: left to itself, GuardDuty makes an endpoint and a security group that no plan shows. */
function agentOf(feature: string) {
  return feature === "RUNTIME_MONITORING"
    ? { additionalConfigurations: [{ name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" }] }
    : {};
}
