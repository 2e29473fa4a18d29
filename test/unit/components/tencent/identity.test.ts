import { output } from "@pulumi/pulumi/output.js";
import { expect, test } from "vitest";
import { Cluster } from "../../../../components/tencent/cluster.ts";
import { PodRole } from "../../../../components/tencent/identity.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, parts } from "./sample.ts";

let annotations: PodRole["annotations"];

const role = () =>
  record(() => {
    const context = contextFor();
    const cluster = new Cluster("tke", context, parts(context));
    const pod = { role: "vault-snapshots", namespace: "vault", serviceAccount: "vault" };
    const may = { actions: ["name/cos:PutObject"], resources: [output("qcs::cos:ap-guangzhou:uid/1:b/vault/*")] };
    annotations = new PodRole("vault-snapshots", context, { cluster, ...pod, ...may }).annotations;
  });

test("a role opens to one ServiceAccount of one cluster, and to nobody who logs in", async () => {
  const made = at(await role(), "CamRole", "vault-snapshots");
  expect(JSON.parse(made.document)).toEqual({
    version: "2.0",
    statement: [
      {
        effect: "allow",
        action: ["name/sts:AssumeRoleWithWebIdentity"],
        principal: { federated: ["qcs::cam::uin/100000000001:oidc-provider/tke-id"] },
        condition: {
          string_equal: { "oidc:aud": ["sts.cloud.tencent.com"], "oidc:sub": ["system:serviceaccount:vault:vault"] },
        },
      },
    ],
  });
  expect(made).toMatchObject({ consoleLogin: false, sessionDuration: 3600 });
});

test("it may do what it is for, to what it is for, and nothing else", async () => {
  const seen = await role();
  expect(JSON.parse(at(seen, "CamPolicy", "vault-snapshots").document)).toEqual({
    version: "2.0",
    statement: [
      { effect: "allow", action: ["name/cos:PutObject"], resource: ["qcs::cos:ap-guangzhou:uid/1:b/vault/*"] },
    ],
  });
  expect(at(seen, "CamRolePolicyAttachment", "vault-snapshots")).toEqual({
    roleId: "vault-snapshots-id",
    policyId: "vault-snapshots-id",
  });
});

test("the ServiceAccount names the role and the audience that the role asks for", async () => {
  await role();
  const named = await new Promise((resolve) => output(annotations).apply(resolve));
  expect(named).toEqual({
    "tke.cloud.tencent.com/role-arn": "qcs::cam::uin/100000000001:roleName/acme-tencent-vault-snapshots",
    "tke.cloud.tencent.com/audience": "sts.cloud.tencent.com",
    "tke.cloud.tencent.com/token-expiration": "3600",
  });
});
