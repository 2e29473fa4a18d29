import { describe, expect, test } from "vitest";
import { cry001 } from "../../../../policies/rules/cry-001.ts";
import { cry002 } from "../../../../policies/rules/cry-002.ts";
import { cry003 } from "../../../../policies/rules/cry-003.ts";
import { cry004 } from "../../../../policies/rules/cry-004.ts";
import { cry005 } from "../../../../policies/rules/cry-005.ts";
import { cry006 } from "../../../../policies/rules/cry-006.ts";
import { cry007 } from "../../../../policies/rules/cry-007.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const rules = [cry001, cry002, cry003, cry004, cry005, cry006, cry007];
const UNKNOWN = { __pulumiUnknown: true };
const AWS = "aws:kms/key:Key";
const ALIBABA = "alicloud:kms/key:Key";
const TENCENT = "tencentcloud:index/kmsKey:KmsKey";

const GOOD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [AWS]: { enableKeyRotation: true, rotationPeriodInDays: 365, deletionWindowInDays: 30, policy: UNKNOWN },
  [ALIBABA]: {
    automaticRotation: "Enabled",
    rotationInterval: "365d",
    pendingWindowInDays: 30,
    deletionProtection: "Enabled",
    dkmsInstanceId: UNKNOWN,
  },
  [TENCENT]: { keyRotationEnabled: true, pendingDeleteWindowInDays: 30 },
};
const key = (type: string, change: object = {}) => planned(type, { ...GOOD[type], ...change });

test.each([AWS, ALIBABA, TENCENT])("%s: a key that rotates and cannot be deleted at once passes", (type) => {
  for (const id of ["CRY-001", "CRY-002"]) expect(judged(id, [key(type)], { rules }).outcome).toBe("passed");
});

test.each([
  ["CRY-001", AWS, { enableKeyRotation: false }, "enableKeyRotation is not true"],
  ["CRY-001", AWS, { rotationPeriodInDays: 366 }, "rotationPeriodInDays is 366"],
  ["CRY-001", ALIBABA, { automaticRotation: undefined }, "automaticRotation is Disabled"],
  ["CRY-001", ALIBABA, { rotationInterval: "31536001s" }, "rotationInterval is 31536001s"],
  ["CRY-001", ALIBABA, { rotationInterval: "yearly" }, "rotationInterval is yearly"],
  ["CRY-001", TENCENT, { keyRotationEnabled: undefined }, "keyRotationEnabled is not true"],
  ["CRY-002", AWS, { deletionWindowInDays: 6 }, "deletionWindowInDays is 6"],
  ["CRY-002", ALIBABA, { pendingWindowInDays: 6 }, "pendingWindowInDays is 6"],
  ["CRY-002", ALIBABA, { deletionProtection: undefined }, "deletionProtection is missing"],
  ["CRY-002", TENCENT, { pendingDeleteWindowInDays: undefined }, "pendingDeleteWindowInDays is 0"],
])("%s %s %o is refused", (id, type, change, problem) => {
  expect(problems(id, [key(type, change)], { rules })).toEqual([problem]);
});

describe("CRY-003", () => {
  const clouds = {
    aws: (database: unknown) => [
      ...["a", "b", "c", "d"].map((name) => planned(AWS, {}, name)),
      planned("aws:s3/bucket:Bucket", { bucket: "acme-audit" }, "audit"),
      planned(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        { bucket: "acme-audit", rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: "audit-key" } }] },
        "audit",
      ),
      planned("aws:rds/instance:Instance", { kmsKeyId: database }),
      planned("aws:eks/cluster:Cluster", { encryptionConfig: { provider: { keyArn: "cluster-key" } } }),
    ],
    alibaba: (database: unknown) => [
      ...["a", "b", "c", "d"].map((name) => planned(ALIBABA, {}, name)),
      planned("alicloud:oss/bucket:Bucket", { bucket: "acme-audit" }, "audit"),
      planned("alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption", {
        bucket: "acme-audit",
        kmsMasterKeyId: "audit-key",
      }),
      planned("alicloud:rds/instance:Instance", { encryptionKey: database }),
      planned("alicloud:cs/managedKubernetes:ManagedKubernetes", { encryptionProviderKey: "cluster-key" }),
    ],
    tencent: (database: unknown) => [
      ...["a", "b", "c", "d"].map((name) => planned(TENCENT, {}, name)),
      planned("tencentcloud:index/cosBucket:CosBucket", { bucket: "acme-audit", kmsId: "audit-key" }, "audit"),
      planned("tencentcloud:index/postgresqlInstance:PostgresqlInstance", { kmsKeyId: database }),
      planned("tencentcloud:index/kubernetesEncryptionProtection:KubernetesEncryptionProtection", {
        kmsConfiguration: { keyId: "cluster-key" },
      }),
    ],
  };

  test.each(["aws", "alibaba", "tencent"] as const)(
    "%s: one key a purpose passes, a shared one is refused",
    (topology) => {
      const given = { rules, facts: { topology } };
      const volumes = planned("kubernetes:storage.k8s.io/v1:StorageClass", { parameters: { kmsKeyId: "volume-key" } });
      expect(judged("CRY-003", [...clouds[topology]("database-key"), volumes], given).outcome).toBe("passed");
      expect(problems("CRY-003", clouds[topology]("audit-key"), given)).toEqual([
        "the database and audit records share a key",
      ]);
      expect(problems("CRY-003", clouds[topology]("database-key").slice(1), given)).toEqual(["3 keys for 4 purposes"]);
      expect(judged("CRY-003", clouds[topology](UNKNOWN), given).outcome).toBe("unknown");
    },
  );
});

describe("CRY-004", () => {
  const job = (...names: string[]) =>
    planned("kubernetes:batch/v1:Job", {
      spec: {
        template: {
          spec: {
            containers: [{ name: "keeper", image: UNKNOWN, command: ["/bin/sh", "/etc/openbao/make-keys", ...names] }],
          },
        },
      },
    });

  test("a key of the vault or of the cloud for each tenant passes", () => {
    expect(judged("CRY-004", [job("tenant-a")], { rules }).outcome).toBe("passed");
    for (const type of [AWS, ALIBABA, TENCENT]) {
      expect(judged("CRY-004", [planned(type, { tags: { "breakwater:tenant": "a" } })], { rules }).outcome).toBe(
        "passed",
      );
    }
  });

  test("a tenant without one is refused", () => {
    for (const resources of [[], [job("tenant-b")], [planned(AWS, { tags: {} })]]) {
      expect(problems("CRY-004", resources, { rules })).toEqual(["no key is made for tenant a"]);
    }
  });
});

describe("CRY-005", () => {
  const statement = (principal: string, action: string | string[]) => ({
    Effect: "Allow",
    Principal: { AWS: principal },
    Action: action,
    Resource: "*",
  });
  const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const admin = "arn:aws:iam::1:role/admin";
  const judge = (type: string, document: unknown) =>
    problems("CRY-005", [planned(type, { policy: document })], { rules });

  test("different principals pass, and so does the account, which leaves it to policies of identities", () => {
    const account = statement("arn:aws:iam::1:root", "kms:*");
    const separate = policy(
      account,
      statement(admin, "kms:PutKeyPolicy"),
      statement("arn:aws:iam::1:role/use", "kms:Decrypt"),
    );
    for (const document of [separate, undefined]) {
      expect(judged("CRY-005", [planned(AWS, { policy: document })], { rules }).outcome).toBe("passed");
    }
  });

  test("one principal with both is refused, by one statement or by two", () => {
    const problem = [`${admin} administrates the key and uses it`];
    expect(judge(AWS, policy(statement(admin, "kms:*")))).toEqual(problem);
    expect(judge(AWS, policy(statement(admin, ["kms:ScheduleKeyDeletion"]), statement(admin, "kms:Decrypt")))).toEqual(
      problem,
    );
    const ram = {
      Version: "1",
      Statement: [{ ...statement("", "kms:*"), Principal: { RAM: ["acs:ram::1:role/admin"] } }],
    };
    expect(judge(ALIBABA, ram)).toEqual(["acs:ram::1:role/admin administrates the key and uses it"]);
  });

  test("a policy of an identity with both is refused on every cloud", () => {
    const both = { Effect: "Allow", Action: ["kms:Disable*", "kms:Decrypt"], Resource: "arn" };
    const problem = ["the policy allows administration and use of keys"];
    expect(judge("aws:iam/rolePolicy:RolePolicy", policy(both))).toEqual(problem);
    const document = JSON.stringify({
      version: "2.0",
      statement: [{ effect: "allow", action: "kms:*", resource: "qcs" }],
    });
    expect(problems("CRY-005", [planned("tencentcloud:index/camPolicy:CamPolicy", { document })], { rules })).toEqual(
      problem,
    );
    const policyDocument = { Version: "1", Statement: [both] };
    expect(problems("CRY-005", [planned("alicloud:ram/policy:Policy", { policyDocument })], { rules })).toEqual(
      problem,
    );
  });
});

describe("CRY-006", () => {
  const given = { rules, facts: { jurisdiction: "cn", dataClass: "restricted" } } as const;
  const bucket = (encryptionAlgorithm: string) =>
    planned("tencentcloud:index/cosBucket:CosBucket", { encryptionAlgorithm });

  test("algorithms of the SM series pass", () => {
    const keys = [
      planned(ALIBABA, { keySpec: "Aliyun_SM4" }),
      planned(ALIBABA, { keySpec: "EC_SM2", keyUsage: "SIGN/VERIFY" }),
    ];
    expect(judged("CRY-006", keys, given).outcome).toBe("passed");
    expect(judged("CRY-006", [bucket("SM4")], given).outcome).toBe("passed");
  });

  test("others are refused for the highest class of data in China, and nowhere else", () => {
    const aes = planned(ALIBABA, { keySpec: "Aliyun_AES_256" });
    expect(problems("CRY-006", [aes], given)).toEqual(["keySpec is Aliyun_AES_256"]);
    expect(problems("CRY-006", [bucket("KMS")], given)).toEqual(["encryptionAlgorithm is KMS"]);
    expect(judged("CRY-006", [aes], { rules, facts: { jurisdiction: "cn" } }).outcome).toBe("does not apply");
  });
});

describe("CRY-007", () => {
  const map = (content: object) =>
    planned("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "router-settings", namespace: "breakwater" },
      data: { "settings.json": JSON.stringify(content), "a.hcl": "http://b.breakwater.svc" },
    });
  const database = { kind: "postgres", host: "db.internal" };

  test("TLS between services, a database with its authority and what stays in a pod pass", () => {
    const content = {
      url: "https://cell.a.svc:1",
      own: "http://127.0.0.1:1",
      database: { ...database, ca_file: "/ca.pem" },
    };
    expect(judged("CRY-007", [map(content)], { rules }).outcome).toBe("passed");
  });

  test("a plain address or a database without authority is refused, each host once", () => {
    const plain = { one: "http://cell.a.svc.cluster.local:1", two: ["http://cell.a.svc.cluster.local:2/v1"] };
    expect(problems("CRY-007", [map(plain)], { rules })).toEqual([
      "router-settings reaches cell.a.svc.cluster.local without TLS",
    ]);
    expect(problems("CRY-007", [map({ database })], { rules })).toEqual([
      "router-settings reaches db.internal without TLS",
    ]);
  });
});
