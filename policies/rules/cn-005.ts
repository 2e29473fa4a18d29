import { z } from "zod";
import type { Fields } from "../known.ts";
import { textsOf } from "../net-texts.ts";
import type { PlanResource, Problems, StackRule } from "../rule.ts";

/** Packages of clouds and what their mainland regions are called (from memory, unverified; a region that is missing here is refused). */
const MAINLAND: Readonly<Record<string, RegExp>> = {
  aws: /^cn-(north-1|northwest-1)$/,
  alicloud: /^cn-(?!hongkong)[a-z0-9-]+$/,
  tencentcloud:
    /^ap-(beijing|shanghai|guangzhou|nanjing|chengdu|chongqing|shenzhen|hangzhou|wuhan|zhengzhou|tianjin|jinan)(-fsi|-\d+-ec)?$/,
};

const provider = z.object({ region: z.string().optional() });

/** Inputs that name where something is: `region`, `regionNo`, `kmsRegion`, `cloudLogRegion`. */
const REGION_INPUT = /region(no|id)?$/i;

/** Blocks with a region of their own: of the key of a cluster's secrets, and of the bucket of a trail. */
const PLACED_BLOCKS = ["kmsConfiguration", "storage"];

/** What copies data elsewhere: every text in it is read, and what only an update knows leaves the rule undecided. */
const COPIES = [
  "aws:ecr/replicationConfiguration:ReplicationConfiguration",
  "alicloud:hbr/replicationVault:ReplicationVault",
  "alicloud:oss/bucketReplication:BucketReplication",
];

/** Of copies: AWS's and Alibaba's words for the region. S3 names a bucket alone, which a plan cannot place. */
const DESTINATION = /region(no|id)?$|location$/i;

/**
 * Data that the law keeps in mainland China leaves it where a provider, a key, a log or a copy is of another region. Names
 * of AWS's other partition (`arn:aws:`) are not looked for: aws-cn refuses them.
 */
export const cn005: StackRule = {
  id: "CN-005",
  applies: ({ jurisdiction }) => jurisdiction === "cn",
  subjects: [],
  *check(plan) {
    for (const resource of plan.resources) {
      for (const problem of outside(resource)) yield { urn: resource.urn, problem };
    }
  },
};

function* outside({ type, props }: PlanResource): Problems {
  const [first = "", , third = ""] = type.split(":");
  const mainland = MAINLAND[first === "pulumi" ? third : first];
  if (mainland === undefined) return;
  if (first === "pulumi") {
    const { region = "nothing" } = provider.parse(props);
    if (!mainland.test(region)) yield `the provider's region is ${region}`;
  } else if (COPIES.includes(type)) yield* copied(props, mainland);
  else yield* placed(props, mainland);
}

function* placed(props: Fields, mainland: RegExp): Problems {
  yield* named(props, mainland);
  for (const name of PLACED_BLOCKS) {
    const block = props[name];
    // The same word is a size elsewhere.
    if (typeof block === "object" && block !== null) yield* named(block as Fields, mainland);
  }
}

function* named(props: Fields, mainland: RegExp): Problems {
  for (const key of Object.keys(props).filter((name) => REGION_INPUT.test(name))) {
    const region = z.string().parse(props[key]);
    // A trail of all regions watches them, and writes where its bucket is.
    if (region !== "All" && !mainland.test(region)) yield `${key} is ${region}`;
  }
}

function* copied(props: Fields, mainland: RegExp): Problems {
  for (const { key, text } of textsOf(props)) {
    const region = text.replace(/^oss-/, "");
    if (DESTINATION.test(key) && !mainland.test(region)) yield `copies to ${region}`;
  }
}
