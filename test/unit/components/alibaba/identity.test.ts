import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf } from "./world.ts";

const resources = [...(await built(demand("acme-alibaba"))), ...(await built(demand("acme-alibaba-b")))];

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string[];
  readonly Principal: Record<string, string[]>;
  readonly Condition?: Record<string, Record<string, string[]>>;
}

function statements(document: unknown): readonly Statement[] {
  return (JSON.parse(String(document)) as { Statement: Statement[] }).Statement;
}

test("no right is for every action or for every resource", () => {
  const policies = allOf(resources, "ram/policy:Policy");
  expect(policies.length).toBeGreaterThan(8);
  for (const { policyName, policyDocument } of policies) {
    for (const { Action, Resource } of statements(policyDocument)) {
      expect([policyName, [...Action].filter((action) => action.includes("*"))]).toEqual([policyName, []]);
      expect([policyName, Resource.filter((arn) => arn === "*" || arn.endsWith(":*"))]).toEqual([policyName, []]);
    }
  }
});

test("each role is for one service, or for one ServiceAccount of this cluster", () => {
  for (const { roleName, assumeRolePolicyDocument } of allOf(resources, "ram/role:Role")) {
    const [trust, ...more] = statements(assumeRolePolicyDocument);
    expect([roleName, more]).toEqual([roleName, []]);
    const who = Object.values(trust?.Principal ?? {}).flat();
    expect([roleName, who.length]).toEqual([roleName, 1]);
    expect(who[0]).toMatch(/^([a-z]+\.aliyuncs\.com|acs:ram::1:oidc-provider\/.+)$/);
  }
});

test("a pod's role is told apart by audience, issuer and ServiceAccount", () => {
  const { assumeRolePolicyDocument } = inputsOf(
    resources.slice(0, resources.length / 2),
    "ram/role:Role",
    "alibaba-cluster-puller",
  );
  expect(statements(assumeRolePolicyDocument)[0]?.Condition).toEqual({
    StringEquals: {
      "oidc:aud": ["sts.aliyuncs.com"],
      "oidc:iss": ["https://oidc-ack-region.oss-region.aliyuncs.com/c1"],
      "oidc:sub": ["system:serviceaccount:kube-system:aliyun-acr-credential-helper"],
    },
  });
});

test("names of roles fit however long the environment's is", async () => {
  const long = await built(
    demand("acme-alibaba", { environment: "an-environment-with-a-name-of-sixty-three-characters-0123456789" }),
  );
  for (const { roleName } of allOf(long, "ram/role:Role")) expect(String(roleName).length).toBeLessThanOrEqual(64);
  expect(new Set(allOf(long, "ram/role:Role").map(({ roleName }) => roleName)).size).toBe(
    allOf(long, "ram/role:Role").length,
  );
});
