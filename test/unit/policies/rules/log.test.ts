import { describe, expect, test } from "vitest";
import { log001 } from "../../../../policies/rules/log-001.ts";
import { log002 } from "../../../../policies/rules/log-002.ts";
import { log003 } from "../../../../policies/rules/log-003.ts";
import { log004 } from "../../../../policies/rules/log-004.ts";
import { log005 } from "../../../../policies/rules/log-005.ts";
import { log007 } from "../../../../policies/rules/log-007.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { alibabaBucket, awsBucket, CLOUDS, changed, tencentBucket, without } from "../../../support/judged-buckets.ts";

const rules = [log001, log002, log003, log004, log005, log007];
const UNKNOWN = { __pulumiUnknown: true };

describe("LOG-001", () => {
  const STORES = [
    ["aws:cloudwatch/logGroup:LogGroup", "retentionInDays"],
    ["alicloud:log/store:Store", "retentionPeriod"],
    ["alicloud:cs/managedKubernetes:ManagedKubernetes", "controlPlaneLogTtl"],
    ["tencentcloud:index/clsTopic:ClsTopic", "period"],
    ["tencentcloud:index/postgresAuditService:PostgresAuditService", "logExpireDay"],
  ] as const;

  test.each(STORES)("%s: a year passes, a day less is refused", (type, field) => {
    expect(judged("LOG-001", [planned(type, { [field]: 365 })], { rules }).outcome).toBe("passed");
    const short = type.includes("managedKubernetes") ? "364" : 364;
    expect(problems("LOG-001", [planned(type, { [field]: short })], { rules })).toEqual([
      `${field} is 364, less than 365 days`,
    ]);
  });

  test("a group of CloudWatch without a number never forgets; a store elsewhere soon does", () => {
    expect(judged("LOG-001", [planned(STORES[0][0], {})], { rules }).outcome).toBe("passed");
    expect(problems("LOG-001", [planned(STORES[3][0], {})], { rules })).toEqual(["period is 30, less than 365 days"]);
  });

  test("the law of the place decides how long, for the platform's own log too", () => {
    const kept = (facts: object) => problems("LOG-001", [], { rules, facts });
    expect(kept({ jurisdiction: "cn", auditRetentionDays: 180 })).toEqual([]);
    expect(kept({ jurisdiction: "cn", auditRetentionDays: 179 })).toEqual(["audit records are kept 179 days, not 180"]);
    expect(kept({ jurisdiction: "kr", auditRetentionDays: 365 })).toEqual([]);
    expect(kept({ jurisdiction: "kr", auditRetentionDays: 729, dataClass: "restricted" })).toHaveLength(1);
    expect(kept({ jurisdiction: "de", auditRetentionDays: 364 })).toHaveLength(1);
  });
});

describe.each(Object.entries(CLOUDS))("audit bucket of %s", (topology, audit) => {
  const facts = { topology: topology as "aws", auditRetentionDays: 365 };
  const given = { rules, facts };

  test("a locked, private, versioned, encrypted one passes, its name known or not", () => {
    for (const id of ["LOG-002", "LOG-003"]) {
      expect([id, judged(id, audit(), given).outcome]).toEqual([id, "passed"]);
      expect([id, judged(id, audit(UNKNOWN), given).outcome]).toEqual([id, "passed"]);
    }
  });

  test("none at all is refused, and so is one that is kept less long than the log", () => {
    expect(problems("LOG-002", [], given)).toEqual(["no bucket for audit records is planned"]);
    const longer = { rules, facts: { ...facts, auditRetentionDays: 366 } };
    expect(problems("LOG-002", audit(), longer)).toEqual(["locked 365 days, less than 366"]);
  });
});

describe("LOG-002", () => {
  const judge = (topology: "aws" | "alibaba" | "tencent", resources: ReturnType<typeof awsBucket>) =>
    problems("LOG-002", resources, { rules, facts: { topology, auditRetentionDays: 365 } });
  const governance = { rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } } };

  test("without a lock, or with one that an administrator takes off, a bucket is refused on every cloud", () => {
    expect(judge("aws", without(awsBucket(), "ObjectLock"))).toEqual(["the bucket is not locked"]);
    expect(judge("aws", changed(awsBucket(), "ObjectLock", governance))).toEqual([
      "an administrator can take the lock off",
    ]);
    expect(judge("alibaba", without(alibabaBucket(), "Worm"))).toEqual(["the bucket is not locked"]);
    expect(judge("alibaba", changed(alibabaBucket(), "Worm", { objectWormEnabled: "Disabled" }))).toHaveLength(1);
    expect(judge("alibaba", changed(alibabaBucket(), "Worm", governance))).toHaveLength(1);
    expect(judge("tencent", changed(tencentBucket(), "CosBucket", { objectLockConfiguration: undefined }))).toEqual([
      "the bucket is not locked",
    ]);
  });

  test("the lock of a whole bucket of Alibaba Cloud counts once it is locked", () => {
    const worm = (status: string) =>
      planned(
        "alicloud:oss/bucketWorm:BucketWorm",
        { bucket: "acme-audit", retentionPeriodInDays: 365, status },
        "audit",
      );
    expect(judge("alibaba", [...without(alibabaBucket(), "Worm"), worm("Locked")])).toEqual([]);
    expect(judge("alibaba", [...without(alibabaBucket(), "Worm"), worm("InProgress")])).toHaveLength(1);
  });

  test("the bucket that a trail of AWS writes to is one whatever its name", () => {
    const trail = planned("aws:cloudtrail/trail:Trail", { s3BucketName: "things" });
    const bucket = planned("aws:s3/bucket:Bucket", { bucket: "things" });
    expect(judge("aws", [bucket, trail])).toEqual(["the bucket is not locked"]);
  });
});

describe("LOG-003", () => {
  const judge = (topology: "aws" | "alibaba" | "tencent", resources: ReturnType<typeof awsBucket>) =>
    problems("LOG-003", resources, { rules, facts: { topology } });
  const VERSIONS = ["versions are not kept"];
  const KEY = ["not encrypted with the customer's key"];
  const TLS = ["nothing refuses access without TLS"];
  const allows = JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "a" }],
  });

  test.each([
    [VERSIONS, "Versioning", { versioningConfiguration: { status: "Suspended" } }],
    [KEY, "ServerSideEncryption", { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }],
    [["blockPublicPolicy is not true"], "PublicAccessBlock", { blockPublicPolicy: false }],
    [TLS, "BucketPolicy", { policy: allows }],
  ])("aws: %s", (expected, part, change) => {
    expect(judge("aws", changed(awsBucket(), part, change))).toEqual(expected);
  });

  test.each([
    [VERSIONS, "Versioning", { status: "Suspended" }],
    [KEY, "ServerSideEncryption", { sseAlgorithm: "AES256" }],
    [KEY, "ServerSideEncryption", { kmsMasterKeyId: "" }],
    [["blockPublicAccess is not true"], "PublicAccessBlock", { blockPublicAccess: false }],
    [TLS, "HttpsConfig", { enable: false }],
  ])("alibaba: %s", (expected, part, change) => {
    expect(judge("alibaba", changed(alibabaBucket(), part, change))).toEqual(expected);
  });

  test.each([
    [VERSIONS, "CosBucket", { versioningEnable: false }],
    [KEY, "CosBucket", { encryptionAlgorithm: "AES256" }],
    [KEY, "CosBucket", { kmsId: undefined }],
    [["acl is public-read"], "CosBucket", { acl: "public-read" }],
    [TLS, "BucketPolicy", { policy: allows }],
  ])("tencent: %s", (expected, part, change) => {
    expect(judge("tencent", changed(tencentBucket(), part, change))).toEqual(expected);
  });

  test("a wall that is another bucket's is none of this one's", () => {
    expect(judge("aws", changed(awsBucket(), "Versioning", { bucket: "another" }))).toEqual(VERSIONS);
  });
});

describe("LOG-004", () => {
  const store = (encryptConf?: object) => planned("alicloud:log/store:Store", { encryptConf });
  const good = { enable: true, userCmkInfo: { cmkKeyId: UNKNOWN } };

  test("the customer's key passes, known or not", () => {
    const group = planned("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: UNKNOWN });
    expect(judged("LOG-004", [group, store(good)], { rules }).outcome).toBe("passed");
  });

  test.each([
    [planned("aws:cloudwatch/logGroup:LogGroup", {}), "kmsKeyId is missing"],
    [store(), "encryptConf is missing"],
    [store({ ...good, enable: false }), "encryptConf.enable is not true"],
    [store({ enable: true }), "encryptConf.userCmkInfo is missing"],
  ])("no key of the customer's is refused: %#", (resource, problem) => {
    expect(problems("LOG-004", [resource], { rules })).toEqual([problem]);
  });
});

describe("LOG-005", () => {
  const TRAILS = {
    aws: [
      "aws:cloudtrail/trail:Trail",
      { s3BucketName: "a", isMultiRegionTrail: true, enableLogFileValidation: true, kmsKeyId: UNKNOWN },
    ],
    alibaba: ["alicloud:actiontrail/trail:Trail", { trailRegion: "All", eventRw: "All", status: "Enable" }],
    tencent: ["tencentcloud:index/auditTrack:AuditTrack", { actionType: "*", resourceType: "*", status: 1 }],
  } as const;

  test.each(["aws", "alibaba", "tencent"] as const)("%s: a trail of everything passes, none is refused", (topology) => {
    const [type, inputs] = TRAILS[topology];
    const given = { rules, facts: { topology } };
    expect(judged("LOG-005", [planned(type, inputs)], given).outcome).toBe("passed");
    expect(problems("LOG-005", [], given)).toEqual(["no trail of the account is planned"]);
  });

  test.each([
    ["aws", { isMultiRegionTrail: false }, "isMultiRegionTrail is not true"],
    ["aws", { enableLogFileValidation: undefined }, "enableLogFileValidation is not true"],
    ["aws", { enableLogging: false }, "enableLogging is false"],
    ["aws", { kmsKeyId: undefined }, "kmsKeyId is missing"],
    ["alibaba", { trailRegion: "cn-hangzhou" }, "trailRegion is cn-hangzhou"],
    ["alibaba", { eventRw: undefined }, "eventRw is Write"],
    ["alibaba", { status: "Disable" }, "status is Disable"],
    ["tencent", { actionType: "Write" }, "actionType is Write"],
    ["tencent", { resourceType: "cvm" }, "resourceType is cvm"],
    ["tencent", { status: 0 }, "status is 0"],
  ] as const)("%s %o is refused", (topology, change, problem) => {
    const [type, inputs] = TRAILS[topology];
    expect(problems("LOG-005", [planned(type, { ...inputs, ...change })], { rules, facts: { topology } })).toEqual([
      problem,
    ]);
  });
});

test("LOG-007: a system elsewhere passes; a file, or nothing, is refused", () => {
  const judge = (...auditDestinations: string[]) => problems("LOG-007", [], { rules, facts: { auditDestinations } });
  for (const kind of ["splunk", "elasticsearch", "syslog"]) expect(judge("file", kind)).toEqual([]);
  expect(judge("file")).toEqual(["audit records are shipped to file only"]);
  expect(judge()).toEqual(["audit records are shipped nowhere"]);
});
