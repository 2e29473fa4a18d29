import { output } from "@pulumi/pulumi/output.js";
import { expect, test } from "vitest";
import { ArtifactBucket } from "../../../../components/tencent/buckets.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, parts } from "./sample.ts";

interface Statement {
  readonly effect: string;
  readonly action: readonly string[];
  readonly resource: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

const statements = (policy: string) => (JSON.parse(policy) as { statement: readonly Statement[] }).statement;
const audit = () => record(() => parts(contextFor({ auditRetentionDays: 400 })));
const artifacts = () => record(() => new ArtifactBucket("artifacts", contextFor(), { vpc: output("vpc-1") }));

test("nobody can delete an audit object before its time; it is encrypted with the company's key, in several zones", async () => {
  const bucket = at(await audit(), "CosBucket", "audit");
  expect(bucket).toMatchObject({
    objectLockConfiguration: { enabled: true, rule: { days: 400 } },
    encryptionAlgorithm: "KMS",
    kmsId: "keys-objects-id",
    versioningEnable: true,
    multiAz: true,
    acl: "private",
    forceClean: false,
  });
  expect(bucket.bucket).toMatch(/^acme-tencent-audit-[0-9a-z]{6}-1250000000$/);
  expect(bucket.bucket.length).toBeLessThanOrEqual(60);
});

test("a request without TLS, or with an older one than 1.2, is refused whatever it asks", async () => {
  const seen = [...(await audit()), ...(await artifacts())];
  for (const name of ["audit", "artifacts"]) {
    const denied = statements(at(seen, "CosBucketPolicy", name).policy).filter(({ effect }) => effect === "deny");
    expect(denied.map(({ condition }) => condition)).toEqual([
      { bool_equal: { "cos:secure-transport": "false" } },
      { numeric_less_than: { "cos:tls-version": 1.2 } },
    ]);
    for (const { action, resource } of denied) {
      expect(action).toEqual(["name/cos:*"]);
      expect(resource).toEqual([`qcs::cos:ap-guangzhou:uid/1250000000:${name}-id/*`]);
    }
  }
});

test("what nodes fetch can be read from the network and written by nobody", async () => {
  const allowed = statements(at(await artifacts(), "CosBucketPolicy", "artifacts").policy).filter(
    ({ effect }) => effect === "allow",
  );
  expect(allowed).toEqual([
    expect.objectContaining({
      action: ["name/cos:GetObject", "name/cos:HeadObject"],
      condition: { string_equal: { "vpc:requester_vpc": ["vpc-1"] } },
    }),
  ]);
});

test("the audit bucket lets nobody in by its policy", async () => {
  expect(statements(at(await audit(), "CosBucketPolicy", "audit").policy).map(({ effect }) => effect)).toEqual([
    "deny",
    "deny",
  ]);
});
