import { isCloud } from "../audit-days.ts";
import { placesIn } from "../copies.ts";
import { each } from "../known.ts";
import { type Cloud, jurisdictionOf, mayLieIn } from "../regions.ts";
import type { StackRule } from "../rule.ts";

const CLOUDS: Readonly<Record<Cloud, readonly string[]>> = {
  aws: ["aws:", "pulumi:providers:aws"],
  alibaba: ["alicloud:", "pulumi:providers:alicloud"],
  tencent: ["tencentcloud:", "pulumi:providers:tencentcloud"],
};

/**
 * Data in another country is under another law, and a replica or a backup there is data there. Looks at every region
 * that providers and resources of the cloud name, in ARNs and in names of servers too, at buckets that copies go to and
 * that no plan can place, and at whether region and declared law agree.
 */
export const prv001: StackRule = {
  id: "PRV-001",
  subjects: [],
  applies: isCloud,
  *check(plan) {
    const { topology, region: home, jurisdiction } = plan.facts;
    const cloud = topology as Cloud;
    const law = jurisdictionOf(cloud, home);
    if (law !== undefined && jurisdiction !== "" && law !== jurisdiction) {
      yield { problem: `${home} is under the law of ${law}, not of ${jurisdiction}` };
    }
    const own = plan.resources.filter(({ type }) => CLOUDS[cloud].some((prefix) => type.startsWith(prefix)));
    yield* each(own, function* (resource) {
      for (const { path, region, what } of placesIn(resource, plan)) {
        if (region === undefined) yield { urn: resource.urn, problem: `${path} is ${what}` };
        else if (!mayLieIn(cloud, region, home)) yield { urn: resource.urn, problem: `${path} is in ${region}` };
      }
    });
  },
};
