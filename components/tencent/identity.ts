import { all, interpolate, type Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Cluster } from "./cluster.ts";
import { named, type TencentContext } from "./context.ts";
import { CamPolicy } from "./sdk/cam-policy.ts";
import { CamRole } from "./sdk/cam-role.ts";
import { CamRolePolicyAttachment } from "./sdk/cam-role-policy-attachment.ts";

/** Audience of the tokens that the cluster gives to pods for CAM (document 457/57285, read 2026-11-24). */
const AUDIENCE = "sts.cloud.tencent.com";
/** Seconds that such a token lives. */
const TOKEN_SECONDS = 3600;

/** Which pod may do what. */
export interface PodRoleArgs {
  readonly cluster: Cluster;
  /** Word in the role's name. */
  readonly role: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Exact actions, such as `name/cos:PutObject`. */
  readonly actions: readonly string[];
  readonly resources: readonly Output<string>[];
}

/**
 * A role of CAM that the pods of one ServiceAccount can take by their token, and nobody else; no key is stored anywhere.
 *
 * Children: `${name}` (CamRole, CamPolicy, CamRolePolicyAttachment). Cost: none.
 * Checked by: test/unit/components/tencent/identity.test.ts.
 */
export class PodRole extends Component {
  /** Annotations of the ServiceAccount. */
  readonly annotations: Readonly<Record<string, Output<string> | string>>;
  /** What must exist before a pod uses it. */
  readonly granted: Resource;

  constructor(name: string, context: TencentContext, args: PodRoleArgs, opts?: ComponentResourceOptions) {
    super("breakwater:tencent:PodRole", name, opts);
    const { uin } = context.account;
    const roleName = named(context, "role", args.role);
    const provider = interpolate`qcs::cam::uin/${uin}:oidc-provider/${args.cluster.id}`;
    const role = new CamRole(
      name,
      {
        name: roleName,
        description: `Breakwater: pods of ${args.namespace}/${args.serviceAccount}`,
        document: provider.apply((federated) => trust(federated, args)),
        consoleLogin: false,
        sessionDuration: TOKEN_SECONDS,
        tags: context.tags,
      },
      this.child(args.cluster.identified),
    );
    const policy = new CamPolicy(
      name,
      {
        name: roleName,
        description: `Breakwater: ${args.role}`,
        document: all([...args.resources]).apply((resource) =>
          JSON.stringify({ version: "2.0", statement: [{ effect: "allow", action: args.actions, resource }] }),
        ),
      },
      this.child(),
    );
    this.granted = new CamRolePolicyAttachment(name, { roleId: role.id, policyId: policy.id }, this.child());
    this.annotations = {
      "tke.cloud.tencent.com/role-arn": interpolate`qcs::cam::uin/${uin}:roleName/${roleName}`,
      "tke.cloud.tencent.com/audience": AUDIENCE,
      "tke.cloud.tencent.com/token-expiration": String(TOKEN_SECONDS),
    };
    this.registerOutputs();
  }
}

/** Both, audience and subject: the audience alone would open the role to every pod of the cluster. */
function trust(federated: string, { namespace, serviceAccount }: PodRoleArgs): string {
  const condition = {
    string_equal: {
      "oidc:aud": [AUDIENCE],
      "oidc:sub": [`system:serviceaccount:${namespace}:${serviceAccount}`],
    },
  };
  const statement = {
    effect: "allow",
    action: ["name/sts:AssumeRoleWithWebIdentity"],
    principal: { federated: [federated] },
  };
  return JSON.stringify({ version: "2.0", statement: [{ ...statement, condition }] });
}
