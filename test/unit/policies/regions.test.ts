import { expect, test } from "vitest";
import { alibabaOffer } from "../../../components/alibaba/offer.ts";
import { awsOffer } from "../../../components/aws/offer.ts";
import { tencentOffer } from "../../../components/tencent/offer.ts";
import { jurisdictionOf, mayLieIn } from "../../../policies/regions.ts";
import { regionalJurisdiction } from "../../../runtime/router/providers/regional-hosts.ts";

/** Three tables say it: where a company may deploy, what a rule takes for whose law, and whose a host's name is. */
const clouds = [
  { cloud: "aws", offer: awsOffer, bucket: (region: string) => `b.s3.${region}.amazonaws.com` },
  { cloud: "alibaba", offer: alibabaOffer, bucket: (region: string) => `b.oss-${region}.aliyuncs.com` },
  { cloud: "tencent", offer: tencentOffer, bucket: (region: string) => `b-1.cos.${region}.myqcloud.com` },
] as const;

test.each(clouds)(
  "of every region of $cloud that is offered, the rules, the offer and the hosts name one law",
  ({ cloud, offer, bucket }) => {
    const regions = Object.entries(offer.regions);
    expect(regions.length).toBeGreaterThan(1);
    for (const [region, { jurisdiction }] of regions) {
      expect([region, jurisdictionOf(cloud, region)]).toEqual([region, jurisdiction]);
      expect([region, regionalJurisdiction(bucket(region))]).toEqual([region, jurisdiction]);
    }
  },
);

test("data may lie where the same law holds, and anywhere in the EEA if they belong there", () => {
  expect(mayLieIn("aws", "us-west-2", "us-east-1")).toBe(true);
  expect(mayLieIn("aws", "eu-west-3", "eu-central-1")).toBe(true);
  expect(mayLieIn("aws", "eu-west-2", "eu-central-1")).toBe(false);
  expect(mayLieIn("alibaba", "cn-hongkong", "cn-shanghai")).toBe(false);
});

test("a region that nobody lists is its own home and no other", () => {
  expect(mayLieIn("aws", "xx-north-9", "xx-north-9")).toBe(true);
  expect(mayLieIn("aws", "xx-north-9", "xx-north-8")).toBe(false);
});
