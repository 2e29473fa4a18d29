import type { Answers } from "./answers.ts";

/** What stands where: regions of the shipped environments and of components/<cloud>/offer.ts, by country. */
const AWS_REGIONS: Readonly<Record<string, string>> = {
  us: "us-east-1",
  ie: "eu-west-1",
  de: "eu-central-1",
  jp: "ap-northeast-1",
  kr: "ap-northeast-2",
  sg: "ap-southeast-1",
  cn: "cn-northwest-1",
};

/** Countries that a cloud is planned for. */
export const CLOUD_COUNTRIES: readonly string[] = Object.keys(AWS_REGIONS);

/** The cloud that is meant, where a cloud is. */
export function cloudOf({ place }: Answers): "aws" | "alibaba" | "tencent" {
  if (place.infrastructure === "private-region") return "alibaba";
  if (place.cloud !== "any") return place.cloud;
  return place.country === "cn" ? "alibaba" : "aws";
}

/** Region in the cloud's own word; undefined where the template's holds or the company names it. */
export function regionOf(answers: Answers): string | undefined {
  const { infrastructure, country } = answers.place;
  if (infrastructure === "dgx") return `${country}-1`;
  return infrastructure === "cloud" && cloudOf(answers) === "aws" ? AWS_REGIONS[country] : undefined;
}
