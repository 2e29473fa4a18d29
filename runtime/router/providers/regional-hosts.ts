/** Names under which a cloud answers in each of its regions, and under whose law these are. */
interface Cloud {
  /** Ends of its names, each a row of whole labels. */
  readonly endings: readonly string[];
  readonly regions: Readonly<Record<string, readonly string[]>>;
}

/**
 * Clouds whose names say the region. Of regions only those in which Breakwater deploys and their neighbours; read
 * 2026-11-24 from the clouds' tables of regions and endpoints, from memory. A region that is missing decides nothing.
 */
const CLOUDS: readonly Cloud[] = [
  {
    endings: ["amazonaws.com", "amazonaws.com.cn", "api.aws"],
    regions: {
      us: ["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
      ca: ["ca-central-1", "ca-west-1"],
      ie: ["eu-west-1"],
      gb: ["eu-west-2"],
      fr: ["eu-west-3"],
      de: ["eu-central-1"],
      se: ["eu-north-1"],
      it: ["eu-south-1"],
      es: ["eu-south-2"],
      jp: ["ap-northeast-1", "ap-northeast-3"],
      kr: ["ap-northeast-2"],
      sg: ["ap-southeast-1"],
      au: ["ap-southeast-2", "ap-southeast-4"],
      hk: ["ap-east-1"],
      tw: ["ap-east-2"],
      in: ["ap-south-1", "ap-south-2"],
      cn: ["cn-north-1", "cn-northwest-1"],
    },
  },
  {
    endings: ["aliyuncs.com"],
    regions: {
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
  },
  {
    endings: ["myqcloud.com", "tencentcos.cn", "tencentcs.com", "tencentyun.com", "tencentcloudapi.com"],
    regions: {
      cn: ["ap-guangzhou", "ap-shanghai", "ap-beijing", "ap-nanjing", "ap-chengdu", "ap-chongqing"],
      hk: ["ap-hongkong"],
      sg: ["ap-singapore"],
      jp: ["ap-tokyo"],
      kr: ["ap-seoul"],
      de: ["eu-frankfurt"],
      us: ["na-siliconvalley", "na-ashburn"],
    },
  },
];

/** What clouds write around a region inside one label: `oss-cn-hangzhou-internal`. */
const AROUND = /^(?:oss|s3|s3-website)-|-(?:internal|intranet|vpc)$/g;

/**
 * Country or region whose law holds where a cloud's own name leads, by its labels from the right: a bucket that is called
 * like a region decides nothing. Undefined where the name says none.
 *
 * @param host as {@link exactHost} gives it.
 */
export function regionalJurisdiction(host: string): string | undefined {
  for (const { endings, regions } of CLOUDS) {
    const ending = endings.filter((one) => host.endsWith(`.${one}`)).sort((a, b) => b.length - a.length)[0];
    if (ending === undefined) continue;
    const labels = host
      .slice(0, -ending.length - 1)
      .split(".")
      .reverse();
    for (const label of labels) {
      const region = label.replace(AROUND, "");
      const found = Object.entries(regions).find(([, names]) => names.includes(region))?.[0];
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Countries above whose law is the European Union's too, so that "eu" is no other place. */
const EU: readonly string[] = ["ie", "fr", "de", "se", "it", "es"];

/** Whether what an author wrote names the place that a host's own name says. */
export function isSamePlace(written: string, known: string): boolean {
  return written === known || (written === "eu" && EU.includes(known));
}
