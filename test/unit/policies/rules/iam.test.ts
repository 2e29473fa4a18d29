import { describe, expect, test } from "vitest";
import { iam001 } from "../../../../policies/rules/iam-001.ts";
import { iam002 } from "../../../../policies/rules/iam-002.ts";
import { iam003 } from "../../../../policies/rules/iam-003.ts";
import { iam006 } from "../../../../policies/rules/iam-006.ts";
import { iam007 } from "../../../../policies/rules/iam-007.ts";
import { iam008 } from "../../../../policies/rules/iam-008.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { pod } from "../../../support/judged-pods.ts";

const rules = [iam001, iam002, iam003, iam006, iam007, iam008];
const UNKNOWN = { __pulumiUnknown: true };

describe("IAM-001", () => {
  const eks = planned("aws:eks/cluster:Cluster", {});
  const association = planned("aws:eks/podIdentityAssociation:PodIdentityAssociation", {});
  const ack = planned("alicloud:cs/managedKubernetes:ManagedKubernetes", { enableRrsa: true });
  const tke = planned("tencentcloud:index/kubernetesCluster:KubernetesCluster", {});
  const tkeOidc = planned("tencentcloud:index/kubernetesAuthAttachment:KubernetesAuthAttachment", {
    autoCreateOidcConfig: true,
  });
  const trust = (Condition?: object) => ({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Federated: "oidc" }, Condition }],
  });
  const bound = { StringEquals: { "oidc:sub": "system:serviceaccount:vault:vault" } };
  const role = (document: unknown) => planned("alicloud:ram/role:Role", { assumeRolePolicyDocument: document });
  const judge = (...resources: (typeof eks)[]) => problems("IAM-001", resources, { rules });

  test("clusters that tell the cloud which ServiceAccount asks, pass", () => {
    expect(judged("IAM-001", [eks, association], { rules }).outcome).toBe("passed");
    expect(judged("IAM-001", [ack, role(JSON.stringify(trust(bound)))], { rules }).outcome).toBe("passed");
    expect(judged("IAM-001", [tke, tkeOidc, pod()], { rules }).outcome).toBe("passed");
  });

  test("a cluster without identities of pods is refused on every cloud", () => {
    expect(judge(eks)).toEqual(["no pod identity is associated with the cluster"]);
    expect(judge({ ...ack, inputs: {} })).toEqual(["enableRrsa is not true"]);
    expect(judge(tke)).toEqual(["the cluster has no autoCreateOidcConfig"]);
    expect(judge(tke, { ...tkeOidc, inputs: { autoCreateOidcConfig: false } })).toHaveLength(1);
  });

  test.each(["AWS_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "TENCENTCLOUD_SECRET_KEY"])(
    "%s in a pod is refused",
    (name) => {
      const env = [{ name, valueFrom: { secretKeyRef: { name: "a", key: "b" } } }];
      expect(judge(pod({ name: "cell", env }))).toEqual([`container cell gets ${name}`]);
    },
  );

  test("a role that any ServiceAccount may become is refused, as text and as object, on every cloud", () => {
    const problem = "any ServiceAccount of the cluster may become this role";
    expect(judge(ack, role(JSON.stringify(trust())))).toEqual([problem]);
    expect(judge(ack, role(trust({ StringLike: { "oidc:sub": "system:serviceaccount:vault:*" } })))).toEqual([problem]);
    const oidc = planned("aws:iam/openIdConnectProvider:OpenIdConnectProvider", {});
    expect(judge(eks, oidc, planned("aws:iam/role:Role", { assumeRolePolicy: trust() }))).toEqual([problem]);
    const statement = [
      { effect: "allow", action: ["name/sts:AssumeRole"], principal: { federated: ["qcs::cam::oidc"] } },
    ];
    const document = JSON.stringify({ version: "2.0", statement });
    expect(judge(tke, tkeOidc, planned("tencentcloud:index/camRole:CamRole", { document }))).toEqual([problem]);
  });

  test("a trust that only an update knows leaves the rule undecided, and hides no other role", () => {
    expect(judged("IAM-001", [ack, role(UNKNOWN)], { rules }).outcome).toBe("unknown");
    expect(judge(ack, role(UNKNOWN), role(trust()))).toHaveLength(1);
  });
});

describe("IAM-002", () => {
  const map = (text: string) => planned("kubernetes:core/v1:ConfigMap", { data: { "a.json": text, other: UNKNOWN } });

  test("texts without a credential pass, whatever is unknown beside them", () => {
    expect(judged("IAM-002", [map("/run/secrets/router/tenant-keys.json")], { rules }).outcome).toBe("passed");
  });

  test.each([
    `AKIA${"A".repeat(16)}`,
    `LTAI${"5t".repeat(8)}`,
    `AKID${"x".repeat(32)}`,
    `sk-${"a".repeat(40)}`,
    `ghp_${"a".repeat(36)}`,
    `-----BEGIN RSA ${"PRIVATE"} KEY-----`,
  ])("a literal credential is refused and not repeated: %#", (text) => {
    expect(problems("IAM-002", [map(`before ${text} after`)], { rules })).toEqual(["data.a.json holds a credential"]);
  });

  test.each([
    "aws:iam/accessKey:AccessKey",
    "alicloud:ram/accessKey:AccessKey",
    "tencentcloud:index/camAccessKey:CamAccessKey",
  ])("%s is refused", (type) =>
    expect(problems("IAM-002", [planned(type, {})], { rules })).toEqual(["an access key is made"]),
  );
});

describe("IAM-003", () => {
  const good = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" };
  const bad = { Effect: "Allow", Action: "*", Resource: ["*"] };
  const aws = (statement: object, type = "aws:iam/rolePolicy:RolePolicy") =>
    planned(type, { policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) });
  const judge = (resource: ReturnType<typeof aws>) => problems("IAM-003", [resource], { rules });
  const all = ["a statement allows every action on every resource"];

  test("named actions or named resources pass", () => {
    for (const statement of [
      good,
      { ...bad, Effect: "Deny" },
      { ...bad, Resource: "arn:aws:s3:::a" },
      { ...bad, Action: "s3:*" },
    ]) {
      expect(judged("IAM-003", [aws(statement)], { rules }).outcome).toBe("passed");
    }
  });

  test("everything on everything is refused on every cloud, as text and as object", () => {
    for (const type of ["Policy", "RolePolicy", "UserPolicy", "GroupPolicy"]) {
      expect(judge(aws(bad, `aws:iam/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`))).toEqual(all);
    }
    expect(judge(aws({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }))).toEqual(all);
    expect(judge(aws({ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::a" }))).toEqual(all);
    const policyDocument = { Version: "1", Statement: [bad] };
    expect(judge(planned("alicloud:ram/policy:Policy", { policyDocument }))).toEqual(all);
    const document = JSON.stringify({
      version: "2.0",
      statement: [{ effect: "allow", action: ["*:*"], resource: ["*"] }],
    });
    expect(judge(planned("tencentcloud:index/camPolicy:CamPolicy", { document }))).toEqual(all);
    const inline = { inlinePolicies: [{ policy: { Version: "2012-10-17", Statement: bad } }] };
    expect(judge(planned("aws:iam/role:Role", inline))).toEqual(all);
  });

  test("the clouds' own policies for everything are refused", () => {
    const policyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    const attached = ["AdministratorAccess is attached"];
    for (const kind of ["rolePolicy", "userPolicy", "groupPolicy", "policy"]) {
      const type = `aws:iam/${kind}Attachment:${kind.charAt(0).toUpperCase()}${kind.slice(1)}Attachment`;
      expect(judge(planned(type, { policyArn }))).toEqual(attached);
    }
    expect(judge(planned("aws:iam/role:Role", { managedPolicyArns: [policyArn] }))).toEqual(attached);
    const policyName = "AdministratorAccess";
    for (const kind of ["Role", "User", "Group"]) {
      const type = `alicloud:ram/${kind.toLowerCase()}PolicyAttachment:${kind}PolicyAttachment`;
      expect(judge(planned(type, { policyName }))).toEqual(attached);
    }
    const byName = "tencentcloud:index/camRolePolicyAttachmentByName:CamRolePolicyAttachmentByName";
    expect(judge(planned(byName, { policyName }))).toEqual(attached);
  });

  test("what is no access document is an error, not a pass", () => {
    expect(() => judge(planned("aws:iam/policy:Policy", { policy: "{}" }))).toThrow();
  });
});

describe("IAM-006", () => {
  const bucket = planned("aws:s3/bucket:Bucket", { bucket: "audit" }, "audit");
  const lock = (days: number) =>
    planned("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", {
      bucket: "audit",
      rule: { defaultRetention: { days, mode: "COMPLIANCE" } },
    });
  const trail = planned("aws:cloudtrail/trail:Trail", { s3BucketName: "audit" });
  const facts = { jurisdiction: "kr", auditRetentionDays: 1095 };
  const good = [bucket, lock(1095), trail];

  test("three years of log, trail and bucket pass in Korea; elsewhere nothing is asked", () => {
    expect(judged("IAM-006", good, { rules, facts }).outcome).toBe("passed");
    expect(judged("IAM-006", [], { rules, facts: { jurisdiction: "cn" } }).outcome).toBe("does not apply");
  });

  test("a day less is refused, in the log and in the bucket, and so is an account without a trail", () => {
    const short = { ...facts, auditRetentionDays: 1094 };
    expect(problems("IAM-006", good, { rules, facts: short })).toEqual(["audit records are kept 1094 days, not 1095"]);
    expect(problems("IAM-006", [bucket, lock(1094), trail], { rules, facts })).toEqual([
      "the bucket keeps records 1094 days, not 1095",
    ]);
    expect(problems("IAM-006", [bucket, lock(1095)], { rules, facts })).toEqual([
      "no trail records changes of rights in the account",
    ]);
  });
});

describe("IAM-007", () => {
  const eks = planned("aws:eks/cluster:Cluster", {});
  const role = (inputs = {}) =>
    planned("aws:iam/role:Role", { name: "acme-operator", maxSessionDuration: 3600, ...inputs }, "operator");
  const grant = (principalArn: unknown) =>
    planned(
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
      { policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", principalArn },
      "operator",
    );
  const known = grant("arn:aws:iam::1:role/acme-operator");
  const alarm = planned("aws:cloudwatch/eventRule:EventRule", {
    eventPattern: '{"detail":{"eventName":["AssumeRole"]}}',
  });
  const judge = (...resources: (typeof eks)[]) => problems("IAM-007", resources, { rules });

  test("a short role of which every use is told passes, its ARN known or not", () => {
    for (const granted of [known, grant(UNKNOWN)]) {
      expect(judged("IAM-007", [eks, role(), granted, alarm], { rules }).outcome).toBe("passed");
    }
  });

  test("a long session, an untold use and no role at all are refused", () => {
    expect(judge(eks, role({ maxSessionDuration: 7200 }), known, alarm)).toEqual(["maxSessionDuration is 7200"]);
    expect(judge(eks, role(), known)).toEqual(["no event rule tells that somebody assumed this role"]);
    expect(judge(eks, role(), grant("arn:aws:iam::1:role/another"), alarm)).toEqual([
      "no role is planned that administrates the cluster",
    ]);
  });
});

describe("IAM-008", () => {
  test("providers without a key of their own pass", () => {
    for (const cloud of ["aws", "alicloud", "tencentcloud"]) {
      const provider = planned(`pulumi:providers:${cloud}`, { region: "somewhere" });
      expect(judged("IAM-008", [provider], { rules }).outcome).toBe("passed");
    }
  });

  test.each([
    ["aws", "accessKey"],
    ["alicloud", "secretKey"],
    ["tencentcloud", "secretId"],
  ])("a provider of %s with %s is refused, unknown or secret as it may be", (cloud, field) => {
    for (const value of ["a", UNKNOWN, { __pulumiSecret: true }]) {
      const provider = planned(`pulumi:providers:${cloud}`, { [field]: value });
      expect(problems("IAM-008", [provider], { rules })).toEqual([`the provider gets ${field}`]);
    }
  });

  test.each(["aws:iam/user:User", "alicloud:ram/user:User", "tencentcloud:index/camUser:CamUser"])(
    "%s is refused",
    (type) => {
      expect(problems("IAM-008", [planned(type, {})], { rules })).toEqual(["a user is made"]);
    },
  );
});
