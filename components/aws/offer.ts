import type { CloudOffer, Region } from "../offer.ts";
import { awsMachines } from "./machine-types.ts";

/** What differs between the account systems of AWS: names of resources and of services. */
export interface Partition {
  /** Second part of every ARN. */
  readonly arn: "aws" | "aws-cn";
  /** End of the names of its services. */
  readonly dnsSuffix: "amazonaws.com" | "amazonaws.com.cn";
}

const COMMERCIAL: Partition = { arn: "aws", dnsSuffix: "amazonaws.com" };
const CHINA: Partition = { arn: "aws-cn", dnsSuffix: "amazonaws.com.cn" };

/** The partition of a region: `cn-` regions are an account system of their own. */
export function partitionOf(region: string): Partition {
  return region.startsWith("cn-") ? CHINA : COMMERCIAL;
}

/**
 * Account whose registry has the images of EKS add-ons and controllers, by region, so that nodes need no other registry.
 * Source: docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html, remembered, not read again on 2026-11-24.
 */
const ADDON_ACCOUNTS: Readonly<Record<string, string>> = {
  "cn-north-1": "918309763551",
  "cn-northwest-1": "961992271922",
};

/** Host of the registry of EKS add-ons in a region. */
export function addonRegistry(region: string): string {
  const account = ADDON_ACCOUNTS[region] ?? "602401143452";
  return `${account}.dkr.ecr.${region}.${partitionOf(region).dnsSuffix}`;
}

/** What the Karpenter price list of cn-north-1 (2024-11-06) does not have; cn-northwest-1 is taken to be alike. */
const NOT_IN_CHINA = ["m7i", "c7i", "r7i", "m8i", "c8i", "r8i", "g6", "p4", "p5", "p6"];

/** The first three zones by letter; an account may see others, and `network.zones` names them then. */
function zones(region: string, letters = "abc"): readonly [string, string, string] {
  const [first = "", second = "", third = ""] = letters;
  return [`${region}${first}`, `${region}${second}`, `${region}${third}`];
}

function region(name: string, jurisdiction: string, letters?: string): Readonly<Record<string, Region>> {
  const china = partitionOf(name) === CHINA;
  const found = { zones: zones(name, letters), partition: partitionOf(name).arn, jurisdiction };
  return { [name]: china ? { ...found, without: NOT_IN_CHINA } : found };
}

const REGIONS: CloudOffer["regions"] = {
  ...region("us-east-1", "us"),
  ...region("us-west-2", "us"),
  ...region("eu-west-1", "ie"),
  ...region("eu-central-1", "de"),
  ...region("ap-northeast-1", "jp", "acd"),
  ...region("ap-northeast-2", "kr"),
  ...region("ap-southeast-1", "sg"),
  ...region("cn-north-1", "cn", "abd"),
  ...region("cn-northwest-1", "cn"),
};

const QUOTA_PAGE = "Service Quotas defaults of a fresh account, remembered, not read again on 2026-11-24";

/** What AWS sells, as far as plans are checked against it. */
export const awsOffer: CloudOffer = {
  regions: REGIONS,
  machines: awsMachines,
  // Standard support of 1.34 ends 2026-12-02, of 1.35 2027-03-27 (EKS calendar as of 2026-04-24); later ones not seen.
  kubernetesVersions: ["1.34", "1.35"],
  isolation: { gvisor: "yes", kata: "yes" },
  targetsMax: 1000,
  quotas: [
    { what: "vCPUs", limit: 5, source: `L-1216C47A, ${QUOTA_PAGE}` },
    // G and P machines have a quota each (L-DB2E81BA, L-417A185B); both begin at none.
    { what: "GPU vCPUs", limit: 0, source: `L-DB2E81BA and L-417A185B, ${QUOTA_PAGE}` },
    { what: "elastic IPs", limit: 5, source: `L-0263D0A3, ${QUOTA_PAGE}` },
    { what: "VPCs", limit: 5, source: `L-F678F1CE, ${QUOTA_PAGE}` },
    { what: "NAT gateways", limit: 5, source: `L-FE5A380F, a zone, ${QUOTA_PAGE}` },
    { what: "load balancers", limit: 50, source: `L-53DA6B97, ${QUOTA_PAGE}` },
  ],
};
