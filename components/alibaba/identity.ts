import { Policy } from "@pulumi/alicloud/ram/policy.js";
import { Role } from "@pulumi/alicloud/ram/role.js";
import { RolePolicyAttachment } from "@pulumi/alicloud/ram/rolePolicyAttachment.js";
import { type Input, type Output, output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { type AlibabaContext, named } from "./context.ts";

/** One statement of a RAM policy. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly Input<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly Input<string>[]>>>>;
}

/** Who may take on a role: a service of Alibaba Cloud, or the ServiceAccount of a pod by the cluster's OIDC provider. */
export type Trust =
  | { readonly service: string }
  | {
      readonly namespace: string;
      readonly serviceAccount: string;
      readonly provider: { readonly arn: Input<string>; readonly issuer: Input<string> };
    };

/** What {@link RamRole} needs. */
export interface RamRoleArgs {
  readonly context: AlibabaContext;
  /** Part of its name: what it is for. */
  readonly role: string;
  readonly says: string;
  readonly trust: Trust;
  readonly allows: readonly Statement[];
}

/**
 * A role with the rights that are named and no others, for one service or one ServiceAccount.
 *
 * Children: Role; Policy and RolePolicyAttachment where it has rights. Cost: none.
 * Checked by: test/unit/components/alibaba/identity.test.ts.
 */
export class RamRole extends Component {
  readonly arn: Output<string>;
  readonly roleName: Output<string>;

  constructor(name: string, args: RamRoleArgs, opts?: ComponentResourceOptions) {
    super("breakwater:alibaba:RamRole", name, opts);
    const { context, role, says, allows } = args;
    const made = new Role(
      name,
      {
        roleName: named(context, "role", role),
        description: says,
        assumeRolePolicyDocument: json(trustOf(args.trust)),
        maxSessionDuration: 3600,
        tags: context.tags,
      },
      this.child(),
    );
    const attached = allows.length === 0 ? [] : [this.#rights(name, args, made)];
    // Whoever gets the role gets it with its rights: a node that starts before them would fail at its first call.
    this.arn = output([made.arn, ...attached.map(({ id }) => id)]).apply(([arn = ""]) => arn);
    this.roleName = output([made.roleName, ...attached.map(({ id }) => id)]).apply(([roleName = ""]) => roleName);
    this.registerOutputs();
  }

  #rights(name: string, { context, role, says, allows }: RamRoleArgs, made: Role): RolePolicyAttachment {
    const policy = new Policy(
      name,
      {
        policyName: named(context, "policy", role),
        description: says,
        policyDocument: json({ Version: "1", Statement: allows }),
        tags: context.tags,
      },
      this.child(),
    );
    return new RolePolicyAttachment(
      name,
      { policyName: policy.policyName, policyType: "Custom", roleName: made.roleName },
      this.child(),
    );
  }
}

/** A document with Outputs anywhere in it, as its JSON text. */
export function json(document: unknown): Output<string> {
  return output(document as Record<string, unknown>).apply((value) => JSON.stringify(value));
}

function trustOf(trust: Trust): unknown {
  if ("service" in trust) {
    return {
      Version: "1",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: [trust.service] } }],
    };
  }
  const { namespace, serviceAccount, provider } = trust;
  const is = {
    "oidc:aud": ["sts.aliyuncs.com"],
    "oidc:iss": [provider.issuer],
    "oidc:sub": [`system:serviceaccount:${namespace}:${serviceAccount}`],
  };
  return {
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Federated: [provider.arn] },
        Condition: { StringEquals: is },
      },
    ],
  };
}

/** Encrypting and decrypting with one key. */
export function useOfKey(keyArn: Input<string>): Statement {
  return {
    Effect: "Allow",
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
    Resource: [keyArn],
  };
}
