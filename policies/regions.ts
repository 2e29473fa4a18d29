/**
 * Under whose law a region lies, by cloud: the same name means another place on another cloud. Read 2026-11-24 from the
 * region tables of AWS (docs.aws.amazon.com/global-infrastructure), Alibaba Cloud (alibabacloud.com/help/en/ecs/regions-and-zones)
 * and Tencent Cloud (tencentcloud.com/document/product/213/6091), from memory. What is not listed is nobody's.
 */
const JURISDICTIONS: Readonly<Record<Cloud, Readonly<Record<string, readonly string[]>>>> = {
  aws: {
    us: ["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
    ca: ["ca-central-1", "ca-west-1"],
    br: ["sa-east-1"],
    ie: ["eu-west-1"],
    gb: ["eu-west-2"],
    fr: ["eu-west-3"],
    de: ["eu-central-1"],
    it: ["eu-south-1"],
    es: ["eu-south-2"],
    se: ["eu-north-1"],
    ch: ["eu-central-2"],
    jp: ["ap-northeast-1", "ap-northeast-3"],
    kr: ["ap-northeast-2"],
    sg: ["ap-southeast-1"],
    au: ["ap-southeast-2", "ap-southeast-4"],
    hk: ["ap-east-1"],
    tw: ["ap-east-2"],
    in: ["ap-south-1", "ap-south-2"],
    cn: ["cn-north-1", "cn-northwest-1"],
  },
  alibaba: {
    cn: [
      "cn-hangzhou",
      "cn-shanghai",
      "cn-beijing",
      "cn-shenzhen",
      "cn-zhangjiakou",
      "cn-qingdao",
      "cn-huhehaote",
      "cn-wulanchabu",
      "cn-heyuan",
      "cn-guangzhou",
      "cn-chengdu",
    ],
    hk: ["cn-hongkong"],
    sg: ["ap-southeast-1"],
    jp: ["ap-northeast-1"],
    kr: ["ap-northeast-2"],
    de: ["eu-central-1"],
    gb: ["eu-west-1"],
    us: ["us-east-1", "us-west-1"],
  },
  tencent: {
    cn: ["ap-guangzhou", "ap-shanghai", "ap-beijing", "ap-nanjing", "ap-chengdu", "ap-chongqing"],
    hk: ["ap-hongkong"],
    sg: ["ap-singapore"],
    jp: ["ap-tokyo"],
    kr: ["ap-seoul"],
    de: ["eu-frankfurt"],
    us: ["na-siliconvalley", "na-ashburn"],
  },
};

export type Cloud = "aws" | "alibaba" | "tencent";

/** Countries of the European Economic Area among the above: data moves freely between them (GDPR Art. 1(3)). */
const EEA: readonly string[] = ["ie", "fr", "de", "it", "es", "se"];

/** Country whose law holds in a region; undefined for one that is not listed. */
export function jurisdictionOf(cloud: Cloud, region: string): string | undefined {
  return Object.entries(JURISDICTIONS[cloud]).find(([, regions]) => regions.includes(region))?.[0];
}

/** Whether data that belongs into `home` may lie in `region`. A region that nobody lists is `home` itself or refused. */
export function mayLieIn(cloud: Cloud, region: string, home: string): boolean {
  if (region === home) return true;
  const [there, here] = [jurisdictionOf(cloud, region), jurisdictionOf(cloud, home)];
  if (there === undefined || here === undefined) return false;
  return there === here || (EEA.includes(there) && EEA.includes(here));
}
