import { z } from "zod";
import { AWS_BUCKETS } from "./buckets.ts";
import { type Fields, ifKnown, isUnknownValue } from "./known.ts";
import { failingLast } from "./net-texts.ts";
import { once } from "./once.ts";
import type { Plan, PlanResource } from "./rule.ts";

/** A place that a resource of a cloud names: where it lies, or where it copies, backs up or ships to. */
export interface NamedPlace {
  readonly path: string;
  /** In the cloud's own word; undefined: somewhere, and no plan can tell where. */
  readonly region: string | undefined;
  /** What to say where no region is known: `a bucket that is not planned here`. */
  readonly what?: string;
}

/** Names of inputs that hold regions: `region`, `regionNo`, `destinationRegionId`, `targetCopyRegions`, `regionName`. */
const WHERE = /^(?:region|.*[a-z]Region|regions|.*[a-z]Regions)(?:No|Id|Ids|Name|Names)?$|^regionIds$/;

/** What a trail watches, and what is allowed or looked at, is no place of data. */
const NOT_A_PLACE = /^(?:trailRegion|operatingRegions|enabledRegions)$/;

/** Words that stand where a region does and mean the own one, or are another thing's. */
const NO_REGION = ["", "All", "all", "Regional", "*"];

/** Account-wide things have no region in their ARN, which leaves two colons together; Tencent's six-part names begin with `qcs`. */
const ARN = /^(?:arn:aws[a-z-]*:[a-z0-9-]+|qcs::[a-z]+):([a-z]{2,4}(?:-[a-z0-9]+)+):/;

/** Alibaba Cloud's word for the region of a bucket: `oss-cn-hangzhou`. */
const OSS = /^oss-([a-z]{2}(?:-[a-z0-9]+)+)$/;

/** Names of clouds' servers, with a region in one of the labels. */
const SERVERS =
  /(?:^|[/@.\s])((?:[a-z0-9-]+\.)+)(?:amazonaws\.com(?:\.cn)?|api\.aws|aliyuncs\.com|myqcloud\.com|tencentcos\.cn|tencentcs\.com|tencentyun\.com)(?![a-z0-9-])/gi;

/** A region inside a label of such a name. */
const IN_LABEL = /^(?:(?:oss|s3)-)?((?:[a-z]{2,4}-)(?:[a-z]+-)*[a-z]+(?:-\d)?)(?:-(?:internal|intranet|vpc))?$/;

/** First parts of regions, so that a bucket named `my-logs` is none. */
const REGION_BEGINS = /^(?:af|ap|ca|cn|eu|il|me|mx|na|sa|us|eusc)-/;

/** Where OSS says the region of the bucket that copies go to. */
const OSS_REPLICATION = "alicloud:oss/bucketReplication:BucketReplication";

/**
 * Every place that is named anywhere inside a resource of a cloud. Where a region itself is known only after an update, the
 * reading fails after everything else was looked at; what else is unknown is no place.
 */
export function* placesIn(resource: PlanResource, plan: Plan): Iterable<NamedPlace> {
  yield* failingLast([placesOfTexts, bucketsElsewhere], (look) => look(resource, plan));
}

function* placesOfTexts(resource: PlanResource): Iterable<NamedPlace> {
  const { places, failed } = placesInTexts(resource);
  yield* places;
  if (failed !== undefined) throw failed.error;
}

/** Several rules ask for the places of every resource of a cloud. */
const placesInTexts = once(({ type, props }: PlanResource): Found => {
  const found: Found = { places: [], failed: undefined };
  collect(props, { path: "", key: "" }, type === OSS_REPLICATION ? isWhereOfReplication : isWhere, found);
  return found;
});

interface Found {
  readonly places: NamedPlace[];
  /** The first that could not be read. */
  failed: { readonly error: unknown } | undefined;
}

function isWhere(key: string): boolean {
  // All of the names below have it, and of hundreds of keys one has.
  return key.includes("egion") && WHERE.test(key) && !NOT_A_PLACE.test(key);
}

function isWhereOfReplication(key: string): boolean {
  return key === "location" || isWhere(key);
}

interface Spot {
  readonly path: string;
  /** An item of a list stands under the list's. */
  readonly key: string;
}

/** Not a generator, as {@link textsOf} is none. */
function collect(value: unknown, { path, key }: Spot, isPlace: (key: string) => boolean, found: Found): void {
  if (typeof value === "string") {
    const region = regionOf(value, isPlace(key));
    if (region !== undefined) found.places.push({ path, region });
    for (const server of regionsOfServers(value)) found.places.push({ path, region: server });
  }
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const name of Object.keys(value)) {
    const spot = { path: path === "" ? name : `${path}.${name}`, key: isList ? key : name };
    try {
      collect((value as Fields)[name], spot, isPlace, found);
    } catch (error) {
      // What else is unknown is no place.
      if (isPlace(spot.key) || !isUnknownValue(error)) found.failed ??= { error };
    }
  }
}

function regionOf(value: string, isWhere: boolean): string | undefined {
  const bucketRegion = OSS.exec(value)?.[1];
  if (isWhere && !NO_REGION.includes(value)) return bucketRegion ?? value;
  return bucketRegion ?? ARN.exec(value)?.[1];
}

/** Regions that names of clouds' servers inside a text say, whatever the text is: an address, a list, a script. */
export function* regionsOfServers(text: string): Iterable<string> {
  if (!text.includes(".")) return;
  for (const [, labels = ""] of text.matchAll(SERVERS)) {
    const found = labels
      .toLowerCase()
      .split(".")
      .map((label) => IN_LABEL.exec(label)?.[1])
      .findLast((region) => region !== undefined && REGION_BEGINS.test(region));
    if (found !== undefined) yield found;
  }
}

const AWS_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const replication = z.object({ rules: z.array(z.object({ destination: z.object({ bucket: z.string() }) })) });

/**
 * S3 names the bucket of the copies and not its region. One that is planned here lies where its own `region` says, which is
 * looked at there; of any other nobody can tell.
 */
function* bucketsElsewhere({ type, props }: PlanResource, plan: Plan): Iterable<NamedPlace> {
  if (type !== AWS_REPLICATION) return;
  const planned = plan.ofType(...AWS_BUCKETS).map((bucket) => nameOf(bucket));
  for (const [index, { destination }] of replication.parse(props).rules.entries()) {
    const name = destination.bucket.replace(/^arn:aws[a-z-]*:s3:::/, "");
    if (planned.includes(name)) continue;
    const path = `rules.${index}.destination.bucket`;
    yield { path, region: undefined, what: `${name}, a bucket that is not planned here: no plan can tell where it is` };
  }
}

function nameOf({ props }: PlanResource): string | undefined {
  return ifKnown(() => (props as Fields)["bucket"] as string | undefined, undefined);
}
