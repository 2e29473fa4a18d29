import { isCloud } from "../audit-days.ts";
import { leaves } from "../known.ts";
import { type Cloud, jurisdictionOf, mayLieIn } from "../regions.ts";
import type { PlanResource, StackRule } from "../rule.ts";

const CLOUDS: Readonly<Record<Cloud, readonly string[]>> = {
  aws: ["aws:", "pulumi:providers:aws"],
  alibaba: ["alicloud:", "pulumi:providers:alicloud"],
  tencent: ["tencentcloud:", "pulumi:providers:tencentcloud"],
};

/** Fields that say where something lies; `trailRegion` says what a trail watches. */
const WHERE = /^(?:region|regionId|kmsRegion|storageRegion|sourceRegion|destinationRegion|replicationSourceRegionId)$/;

/** Names of regions: `ap-northeast-2`, `cn-hangzhou`, `na-siliconvalley`. */
const REGION = /^[a-z]{2}(?:-[a-z]+)+(?:-\d)?$/;

/** Account-wide things have no region in their ARN, which leaves two colons together. */
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:([a-z]{2}(?:-[a-z]+)+-\d):/;

/**
 * Data in another country is under another law, and a replica or a backup there is data there. Looks at every region
 * that providers and resources of the cloud name, in ARNs too, and at whether region and declared law agree.
 */
export const prv001: StackRule = {
  id: "PRV-001",
  subjects: [],
  applies: isCloud,
  *check({ resources, facts: { topology, region: home, jurisdiction } }) {
    const cloud = topology as Cloud;
    const law = jurisdictionOf(cloud, home);
    if (law !== undefined && jurisdiction !== "" && law !== jurisdiction) {
      yield { problem: `${home} is under the law of ${law}, not of ${jurisdiction}` };
    }
    for (const resource of resources) {
      if (!CLOUDS[cloud].some((prefix) => resource.type.startsWith(prefix))) continue;
      for (const { path, region } of regionsIn(resource)) {
        if (!mayLieIn(cloud, region, home)) yield { urn: resource.urn, problem: `${path} is in ${region}` };
      }
    }
  },
};

function* regionsIn({ props }: PlanResource): Iterable<{ readonly path: string; readonly region: string }> {
  for (const { path, key, value } of leaves(props)) {
    if (typeof value !== "string") continue;
    const region = WHERE.test(key) && REGION.test(value) ? value : ARN.exec(value)?.[1];
    if (region !== undefined) yield { path, region };
  }
}
