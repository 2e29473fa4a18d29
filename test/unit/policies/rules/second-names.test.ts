import { expect, test } from "vitest";
import { cry003 } from "../../../../policies/rules/cry-003.ts";
import { dat004 } from "../../../../policies/rules/dat-004.ts";
import { dat007 } from "../../../../policies/rules/dat-007.ts";
import { dat011 } from "../../../../policies/rules/dat-011.ts";
import { log002 } from "../../../../policies/rules/log-002.ts";
import { log003 } from "../../../../policies/rules/log-003.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { awsBucket, bySecondNames, changed, without } from "../../../support/judged-buckets.ts";

const rules = [cry003, dat004, dat007, dat011, log002, log003];
const given = { rules, facts: { topology: "aws", auditRetentionDays: 365 } } as const;
const UNKNOWN = { __pulumiUnknown: true };
const second = (name?: unknown) => bySecondNames(awsBucket(name));
const found = (id: string, resources: ReturnType<typeof awsBucket>) => problems(id, resources, given);

test.each(["acme-audit", UNKNOWN])(
  "a bucket by AWS's second names passes what the same by its first passes: %o",
  (name) => {
    for (const id of ["DAT-007", "LOG-002", "LOG-003"]) {
      expect([id, judged(id, second(name), given).outcome]).toEqual([id, "passed"]);
    }
  },
);

test("a bucket by one name finds its parts by the other", () => {
  const [first, ...parts] = awsBucket();
  const mixed = [...second().slice(0, 1), ...parts];
  expect(first?.type).not.toBe(mixed[0]?.type);
  for (const id of ["DAT-007", "LOG-002", "LOG-003"]) expect(found(id, mixed)).toEqual([]);
});

test.each([
  ["DAT-007", without(second(), "PublicAccessBlock"), "nothing blocks public access"],
  ["DAT-007", changed(second(), "PublicAccessBlock", { blockPublicAcls: false }), "blockPublicAcls is not true"],
  ["DAT-007", changed(second(), "BucketV2", { acl: "public-read" }), "acl is public-read"],
  ["LOG-002", without(second(), "ObjectLock"), "the bucket is not locked"],
  [
    "LOG-002",
    changed(second(), "ObjectLock", { rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } } }),
    "an administrator can take the lock off",
  ],
  ["LOG-003", without(second(), "Versioning"), "versions are not kept"],
  ["LOG-003", without(second(), "ServerSideEncryption"), "not encrypted with the customer's key"],
  ["LOG-003", without(second(), "BucketPolicy"), "nothing refuses access without TLS"],
])("%s, case %#: what is wrong is found", (id, resources, problem) => {
  expect(found(id, resources)).toEqual([problem]);
});

test("DAT-011: it has the tags of what keeps data", () => {
  expect(found("DAT-011", second())).toHaveLength(3);
});

test("CRY-003: it shares no key with the database", () => {
  const byDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: "one-key" };
  const rulesOf = { rules: [{ applyServerSideEncryptionByDefault: byDefault }] };
  const keys = ["a", "b", "c", "d"].map((name) => planned("aws:kms/key:Key", {}, name));
  const database = planned("aws:rds/instance:Instance", { kmsKeyId: "one-key" });
  expect(found("CRY-003", [...changed(second(), "ServerSideEncryption", rulesOf), database, ...keys])).toEqual([
    "the database and audit records share a key",
  ]);
});

test("DAT-004: copies may go to it, because it is planned here", () => {
  const copy = planned("aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
    rules: [{ destination: { bucket: "arn:aws:s3:::acme-audit" } }],
  });
  expect(found("DAT-004", [copy, ...second()])).toEqual([]);
  expect(found("DAT-004", [copy])).toHaveLength(1);
});
