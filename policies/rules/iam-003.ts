import { z } from "zod";
import { type Statement, statementsOf } from "../access-documents.ts";
import { type Check, forTypes, type ResourceRule } from "../rule.ts";

const inline = z.object({ inlinePolicies: z.array(z.object({ policy: z.unknown() })).optional() });
const managed = z.object({ managedPolicyArns: z.array(z.string()).optional() });
const attached = z.object({ policyArn: z.string().optional(), policyName: z.string().optional() });

/** A right to everything makes whoever takes over one workload the owner of the account. */
export const iam003: ResourceRule = {
  id: "IAM-003",
  on: {
    ...forTypes(
      [
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
      ],
      documentIn("policy"),
    ),
    "aws:iam/role:Role": function* (props) {
      for (const { policy } of inline.parse(props).inlinePolicies ?? []) yield* everything(policy);
      for (const policyArn of managed.parse(props).managedPolicyArns ?? []) yield* administrator({ policyArn });
    },
    "alicloud:ram/policy:Policy": documentIn("policyDocument"),
    "tencentcloud:index/camPolicy:CamPolicy": documentIn("document"),
    ...forTypes(
      [
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
        "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
        "alicloud:ram/userPolicyAttachment:UserPolicyAttachment",
        "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment",
        "tencentcloud:index/camRolePolicyAttachmentByName:CamRolePolicyAttachmentByName",
      ],
      (props) => administrator(attached.parse(props)),
    ),
  },
};

function* administrator({ policyArn, policyName }: z.output<typeof attached>): Iterable<string> {
  const policy = policyArn?.split("/").at(-1) ?? policyName;
  if (policy === "AdministratorAccess") yield "AdministratorAccess is attached";
}

function documentIn(field: string): Check {
  return (props) => everything(props[field]);
}

function* everything(document: unknown): Iterable<string> {
  const all = statementsOf(document).filter(allowsEverything);
  if (all.length > 0) yield "a statement allows every action on every resource";
}

/** Everything but something is everything here. */
function allowsEverything({ allows, actions, notActions, resources, notResources }: Statement): boolean {
  const anyAction = actions.some((action) => /^\*(:\*)?$/.test(action)) || notActions.length > 0;
  return allows && anyAction && (resources.includes("*") || notResources.length > 0);
}
